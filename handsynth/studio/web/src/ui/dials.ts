/** Dials: a label, a slider and what it says. */

import DIALS from "../dials.json";
import type { State } from "../engine";
import { bounded, type Dial, RANGES, USUAL } from "../state";
import { make } from "./dom";
import type { Store } from "./store";

export interface DialRow {
  dial: Dial;
  label: string;
  /** What its value is called. */
  shown: (value: number) => string;
  hint?: string;
  /** The one view that it is in. */
  view?: State["view"];
}

const HINTS = DIALS.hints;

const times = (value: number) => `× ${plain(value)}`;
const degree = (value: number) => (value === 0 ? "none" : plain(value));
const joined = (value: number) =>
  value === 0 ? "print" : value === 1 ? "as the hand" : value === 2 ? "all" : `${value < 1 ? "less" : "more"} (${plain(value)})`;
const percent = (value: number) => `${Math.round(value * 100)} %`;

function plain(value: number): string {
  return String(Number(value.toFixed(2))).replace("-", "−");
}

export const WRITING: DialRow[] = [
  { dial: "size", label: "Size", shown: (value) => `${value} px`, hint: HINTS.size, view: "line" },
  {
    dial: "pageSize",
    label: "Size",
    shown: (value) => (value ? `${plain(value)} mm` : "fits the rules"),
    hint: HINTS.size,
    view: "page",
  },
  { dial: "temperature", label: "Temperature", shown: percent, hint: HINTS.temperature },
  { dial: "variation", label: "Variation", shown: percent, hint: HINTS.variation },
  { dial: "joined", label: "Joined", shown: joined, hint: "Print, as the hand joins its letters, or all" },
  {
    dial: "legibility",
    label: "Legibility",
    shown: (value) => (value === 1 ? "as it comes" : `best of ${value}`),
    hint: HINTS.legibility,
  },
  {
    dial: "slant",
    label: "Slant",
    shown: (value) => (value > 0 ? `+${plain(value)}` : plain(value)),
    hint: "Beside the hand’s own",
  },
  { dial: "letterSpacing", label: "Letter spacing", shown: times },
  { dial: "wordSpacing", label: "Word spacing", shown: times },
  { dial: "lineSpacing", label: "Line spacing", shown: times },
  { dial: "wander", label: "Wandering lines", shown: degree, hint: "1 as people’s, none as a ruler’s" },
  { dial: "wrap", label: "Line width", shown: (value) => (value ? `${value} px` : "no limit"), view: "line" },
];

export const GRAIN: DialRow = { dial: "grain", label: "Paper grain", shown: degree };

export const FAULTS: DialRow[] = [
  { dial: "personSize", label: "Size drifts", shown: degree },
  { dial: "personSlant", label: "Slant drifts", shown: degree },
  { dial: "personMargin", label: "Uneven margin", shown: degree },
  { dial: "personTiring", label: "Tiring", shown: degree, hint: HINTS.personTiring },
  { dial: "personPressure", label: "Pressure", shown: degree, hint: HINTS.personPressure },
  { dial: "personInk", label: "Ink runs dry", shown: degree, hint: HINTS.personInk },
  { dial: "personPool", label: "Ink pools", shown: degree, hint: HINTS.personPool },
  {
    dial: "slips",
    label: "Slips of the pen",
    shown: (value) => `${plain(value)} % of words`,
    hint: "Struck out, and written again",
  },
];

export const SHARE: DialRow = { dial: "share", label: "Share of the second", shown: percent };

export const VARIANTS: DialRow = {
  dial: "variants",
  label: "Drawings of each",
  shown: String,
  hint: "They take turns, so that no two neighbours are alike",
};

export const PIXELS: DialRow = { dial: "sizes", label: "BDF and BMFont", shown: (value) => `${value} px` };

/** A dial that follows the state, and the state it. */
export function dialRow(store: Store, row: DialRow): HTMLElement {
  const id = `dial-${row.dial}`;
  const { least, most, step } = RANGES[row.dial];
  const input = make("input", { type: "range", id, min: String(least), max: String(most), step: String(step) });
  const output = make("output", { for: id });
  const line = make("div", { className: "dial" }, make("label", { for: id }, row.label), output, input);
  if (row.view) line.classList.add(`${row.view}-only`);
  if (row.hint) {
    input.setAttribute("aria-describedby", `${id}-hint`);
    line.append(make("small", { id: `${id}-hint` }, row.hint));
  }
  input.addEventListener("input", () => store.set({ [row.dial]: bounded(row.dial, input.valueAsNumber) }));
  store.watch((state, changed) => {
    if (!changed.has(row.dial)) return;
    const value = state[row.dial];
    if (input.valueAsNumber !== value) input.value = String(value);
    output.textContent = row.shown(value);
    input.setAttribute("aria-valuetext", row.shown(value));
    input.style.setProperty("--share", String((value - least) / (most - least)));
  });
  return line;
}

/** A button that is there only while one of `keys` is not as usual, and makes them so. */
export function usualButton(store: Store, keys: (keyof State)[]): HTMLElement {
  const button = make("button", { type: "button", className: "button small" }, "As usual");
  button.addEventListener("click", () => {
    store.set(Object.fromEntries(keys.map((key) => [key, USUAL[key]])) as Partial<State>);
    // it goes away, and the focus should not go with it
    button.closest("details")?.querySelector("summary")?.focus();
  });
  store.watch((state) => (button.hidden = keys.every((key) => state[key] === USUAL[key])));
  return button;
}

/** A choice that follows the state, and the state it. */
export function choice<K extends keyof State>(
  store: Store,
  key: K,
  label: string,
  options: [string, string][],
): HTMLElement {
  const id = `choice-${key}`;
  const select = make("select", { id }, ...options.map(([value, text]) => make("option", { value }, text)));
  select.addEventListener("change", () => store.set({ [key]: select.value } as Partial<State>));
  store.watch((state, changed) => {
    if (!changed.has(key)) return;
    const value = String(state[key]);
    // what an address asks for may be no more than unusual
    if (![...select.options].some((option) => option.value === value)) select.append(make("option", { value }, value));
    select.value = value;
  });
  return make("div", { className: "field" }, make("label", { for: id }, label), select);
}
