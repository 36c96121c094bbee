/** The sections of the panel that are made of dials and choices alone. */

import { colours } from "./colours";
import { choice, dialRow, FAULTS, GRAIN, usualButton, WRITING } from "./dials";
import { byId, make } from "./dom";
import { ownPaper } from "./ownpaper";
import { SHEETS } from "./sheets";
import type { Engine, State } from "../engine";
import { USUAL } from "../state";
import type { Store } from "./store";

const PENS: Record<State["pen"], string> = {
  "": "the hand’s own",
  ballpoint: "ballpoint",
  fineliner: "fineliner",
  fountain: "fountain pen",
  felt: "felt pen",
  pencil: "pencil",
  brush: "brush",
  nib: "broad nib",
  round: "one even line",
};

const ALIGN: Record<State["align"], string> = { left: "left", justify: "justified", centre: "centred", right: "right" };

const LOOK: Record<State["look"], string> = { "": "clean", scanned: "as if scanned", photographed: "as if photographed" };

const ORIGINALS: Record<State["originals"], string> = {
  vary: "drawn anew each time",
  always: "as you wrote them",
  never: "not used",
};

export function sections(store: Store, kind: Engine["kind"]): void {
  byId("writing").append(
    ...WRITING.map((row) => dialRow(store, row)),
    // in the browser there is the round pen alone
    ...(kind === "server" ? [choice(store, "pen", "Pen", Object.entries(PENS))] : []),
    originals(store),
    usualButton(store, [...WRITING.map(({ dial }) => dial), "pen", "originals"]),
  );
  byId("ink").append(...colours(store), usualButton(store, ["ink", "paperColour"]));
  byId("page").append(
    choice(store, "paperName", "Paper", SHEETS),
    ownPaper(store),
    choice(store, "align", "Alignment", Object.entries(ALIGN)),
    choice(store, "look", "Picture", Object.entries(LOOK)),
    dialRow(store, GRAIN),
    markdown(store),
    usualButton(store, ["paperName", "background", "align", "look", "grain", "markdown"]),
  );
  byId("faults").append(
    ...FAULTS.map((row) => dialRow(store, row)),
    usualButton(store, FAULTS.map(({ dial }) => dial)),
  );
}

/** Only learnt hands have letters of their own. */
function originals(store: Store): HTMLElement {
  const row = choice(store, "originals", "Own letters", Object.entries(ORIGINALS));
  store.watch(({ hand, blend, originals }) => {
    row.hidden = originals === USUAL.originals && ![hand, blend].some((name) => name.startsWith("own:"));
  });
  return row;
}

function markdown(store: Store): HTMLElement {
  const box = make("input", { type: "checkbox", id: "markdown" });
  box.addEventListener("change", () => store.set({ markdown: box.checked }));
  store.watch((state) => (box.checked = state.markdown));
  return make("label", { className: "check" }, box, " The text is Markdown: headings, lists");
}
