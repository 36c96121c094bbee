/** A small form for fonts that draw with the hand. */

import { type FileOf, fontCommand } from "../command";
import type { Engine, State } from "../engine";
import { clean } from "../state";
import { choice, dialRow, PIXELS, VARIANTS } from "./dials";
import { byId, copy, make, say } from "./dom";
import type { Store } from "./store";
import { download } from "./take";

const LABELS: Record<string, string> = {
  ttf: "for documents",
  woff2: "for web pages",
  bdf: "one bit a pixel",
  fnt: "for games",
};

const CHARSETS: Record<State["charset"], string> = {
  ascii: "ASCII (English)",
  latin1: "Latin-1 (western)",
  latin: "Latin (all Europe)",
};

export function fonts(engine: Engine, store: Store, named: (state: State) => string, fileOf: FileOf): void {
  let format = "ttf";
  const family = make("input", { id: "family", autocomplete: "off", spellcheck: false, maxLength: 60 });
  family.addEventListener("input", () => store.set({ family: clean(family.value) }));
  const command = make("pre", { tabIndex: 0, role: "region", "aria-label": "The command that makes the font" });
  const button = make("button", { type: "button", className: "button small" }, "Copy");
  button.addEventListener("click", () => copy(command.textContent ?? "", "The command is copied"));
  const trouble = make("p", { className: "trouble", role: "alert" });
  const show = () => {
    const text = fontCommand(store.state, format, named(store.state), fileOf);
    if (command.textContent !== text) command.textContent = text;
    family.placeholder = named(store.state);
  };
  const buttons = engine.formats
    .filter(({ kind }) => kind === "font")
    .map(({ id, label }) => {
      const name = `Download ${label}, ${LABELS[id] ?? ""}`;
      const part = make("button", { type: "button", className: "button tall", "aria-label": name }, label);
      part.append(make("small", {}, LABELS[id] ?? ""));
      part.addEventListener("click", () => {
        format = id;
        show();
        say("The font is being drawn; that takes some seconds");
        const state = { ...store.state, family: store.state.family || named(store.state) };
        void download(part, trouble, () => engine.file(state, id, new AbortController().signal));
      });
      return part;
    });
  byId("font").append(
    make("div", { className: "field" }, make("label", { for: "family" }, "Family name"), family),
    choice(store, "charset", "Characters", Object.entries(CHARSETS)),
    dialRow(store, VARIANTS),
    dialRow(store, PIXELS),
    make("div", { className: "grid" }, ...buttons),
    trouble,
    make("div", { className: "command" }, make("div", { className: "command-head" }, make("h3", {}, "From the command line"), button), command),
  );
  store.watch((state, changed) => {
    if (changed.has("family") && family.value !== state.family) family.value = state.family;
    show();
  });
}
