/** Ink and paper: swatches with names, and any other colour. */

import { make } from "./dom";
import type { Store } from "./store";

type Swatch = [colour: string, name: string];

const INKS: Swatch[] = [
  ["#1b2440", "Blue-black"],
  ["#000000", "Black"],
  ["#1a3aa8", "Royal blue"],
  ["#54361f", "Sepia"],
  ["#1f5a3c", "Green"],
  ["#a3202c", "Red"],
  ["#5b5f68", "Pencil"],
];

const PAPERS: Swatch[] = [
  ["#ffffff", "White"],
  ["#fffdf2", "Ivory"],
  ["#f6ecd4", "Cream"],
  ["#e9eef5", "Pale blue"],
  ["#d9c3a0", "Kraft"],
  ["transparent", "Transparent"],
];

export function colours(store: Store): HTMLElement[] {
  return [row(store, "ink", "Ink", INKS), row(store, "paperColour", "Paper", PAPERS)];
}

function row(store: Store, key: "ink" | "paperColour", label: string, swatches: Swatch[]): HTMLElement {
  const now = make("span", { className: "now" });
  const radios = swatches.map(([colour, name]) => {
    const input = make("input", { type: "radio", name: key, value: colour, "aria-label": name });
    input.addEventListener("change", () => store.set({ [key]: colour }));
    const dot = make("span", { className: colour === "transparent" ? "dot clear" : "dot" });
    if (colour !== "transparent") dot.style.backgroundColor = colour;
    return { colour, name, input, part: make("label", { className: "swatch", title: name }, input, dot) };
  });
  const other = make("input", { type: "color", id: `other-${key}`, "aria-label": `Another colour of the ${key}` });
  other.addEventListener("input", () => store.set({ [key]: other.value }));
  const others = make("label", { className: "swatch other", title: "Another colour" }, other);
  store.watch((state, changed) => {
    if (!changed.has(key)) return;
    const found = radios.find(({ colour }) => colour === state[key]);
    for (const radio of radios) radio.input.checked = radio === found;
    others.classList.toggle("chosen", !found);
    if (state[key] !== "transparent") other.value = state[key];
    now.textContent = found?.name ?? state[key];
  });
  return make(
    "fieldset",
    { className: "colours" },
    make("legend", {}, label, " ", now),
    make("div", { className: "swatches" }, ...radios.map(({ part }) => part), others),
  );
}
