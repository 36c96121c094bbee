/** State and address go together: each settled change is a step of the browser's history. */

import { format, parse, wrongly } from "../state";
import type { Store } from "./store";

/** A change that nothing follows for so many ms is settled. */
const SETTLED = 800;
/** Browsers do not like more changes of the address than some seven in a second. */
const PACE = 180;

export function address(store: Store): string {
  const fragment = format(store.state);
  return location.pathname + location.search + (fragment && `#${fragment}`);
}

/** `told` hears what an address asks for that cannot be, and "" when that is past. */
export function keepHistory(store: Store, told: (wrong: string) => void = () => undefined): void {
  let moving = false; // within a change that has its step already
  let settling = 0;
  let writing = 0;

  const write = () => {
    clearTimeout(writing);
    writing = 0;
    const next = address(store);
    if (next === location.pathname + location.search + location.hash) return;
    if (moving) history.replaceState(null, "", next);
    else history.pushState(null, "", next);
    moving = true;
  };

  const settle = () => {
    clearTimeout(settling);
    settling = 0;
    write();
    moving = false;
  };

  let listening = false;
  store.watch(() => {
    if (!listening) return;
    told("");
    if (!moving) write();
    else writing ||= window.setTimeout(write, PACE);
    clearTimeout(settling);
    settling = window.setTimeout(settle, SETTLED);
  });
  listening = true;

  const restore = () => {
    clearTimeout(settling);
    clearTimeout(writing);
    writing = 0;
    moving = listening = false;
    const wrong: string[] = [];
    store.set(parse(location.hash, wrong));
    told(wrongly(wrong));
    listening = true;
  };
  addEventListener("popstate", restore);
  addEventListener("hashchange", restore);
}
