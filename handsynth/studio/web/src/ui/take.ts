/** Taking it along: pictures, and the command that makes the same. */

import { type FileOf, pictureCommand, wrapOf } from "../command";
import type { Engine } from "../engine";
import { byId, copy, make, messageOf, save, say } from "./dom";
import type { Live } from "./live";
import type { Stage } from "./stage";
import type { Store } from "./store";

export function take(engine: Engine, store: Store, stage: Stage, live: Live, fileOf: FileOf): void {
  let format = "png";
  let seconds = 0;
  const place = byId("command");
  const show = () => {
    const text = pictureCommand(store.state, format, stage.notes.length > 0, fileOf, seconds);
    if (place.textContent !== text) place.textContent = text;
  };
  for (const { id, label } of engine.formats.filter(({ kind }) => kind === "picture")) {
    const button = make("button", { type: "button", className: "button", "aria-label": `Download ${label}` }, label);
    button.addEventListener("click", () => {
      format = id;
      show();
      const state = { ...store.state, wrap: wrapOf(store.state) };
      void download(button, byId("trouble"), () => engine.file(state, id, new AbortController().signal));
    });
    byId("pictures").append(button);
  }
  const films = engine.formats.filter(({ kind }) => kind === "movement");
  byId("films").hidden = !films.length;
  const buttons = films.map(({ id, label }) => {
    const name = `Download it being written, as ${label}`;
    const button = make("button", { type: "button", className: "button", "aria-label": name }, label);
    button.addEventListener("click", () => {
      const { page, state } = stage.drawn;
      say("The pen is at work; that takes some seconds");
      void download(button, byId("trouble"), async () => {
        seconds = await live.seconds(state, page);
        format = id;
        show();
        const plain = { ...store.state, wrap: wrapOf(store.state) };
        return engine.file(plain, id, new AbortController().signal, { page, seconds });
      });
    });
    return button;
  });
  byId("films").append(...buttons);
  // what must fail is not offered: nothing to write, a film of what a camera took, or of no colour where it knows none
  store.watch(({ view, look, text, paperColour }) => {
    const empty = !text.trim();
    for (const button of byId("pictures").querySelectorAll("button")) button.disabled = empty;
    buttons.forEach((button, i) => {
      const clear = view === "line" && paperColour === "transparent" && ["gif", "mp4"].includes(films[i].id);
      button.disabled = empty || clear || (view === "page" && look !== "");
    });
  });
  byId("copy").addEventListener("click", () => copy(place.textContent ?? "", "The command is copied"));
  stage.shown = show;
  store.watch(show);
}

/** Fetch a file while `button` says that it is being made, and give it to the person; what fails is told at `trouble`. */
export async function download(
  button: HTMLButtonElement,
  trouble: HTMLElement,
  made: () => Promise<{ name: string; blob: Blob }>,
): Promise<void> {
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  trouble.textContent = "";
  try {
    const { name, blob } = await made();
    save(blob, name);
  } catch (error) {
    trouble.textContent = messageOf(error);
  } finally {
    button.removeAttribute("aria-busy");
  }
}
