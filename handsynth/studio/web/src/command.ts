/** The command line that makes the same as the page shows, for a POSIX shell. */

import DIALS from "./dials.json";
import type { State } from "./engine";
import { paperName, unruled } from "./paper";
import { USUAL } from "./state";

/** What commands take for usual: that of a page is its style sheet's. */
const { line: LINE, page: PAGE, font: FONT } = DIALS.defaults;

/** What the command says of the hand "" (the gallery's first), and of one that this browser keeps (its file). */
export type FileOf = (hand: string) => string;

const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;

/** `word` so that a POSIX shell takes it for one word, whatever is in it. */
export function quoted(word: string): string {
  return PLAIN.test(word) ? word : `'${word.replace(/'/g, "'\\''")}'`;
}

/** A name of a family or hand as the stem of a file, never empty. */
export function stem(name: string): string {
  return name.normalize("NFKD").replace(/[^A-Za-z0-9_-]+/g, "") || "hand";
}

/** The ending of a format's files; those of `moving-svg` are `svg`. */
export function endingOf(format: string): string {
  return format.replace(/^moving-/, "");
}

/** What is seen being written: in seconds, where that is not as long as a person takes. */
const MOVING = ["moving-svg", "gif", "webp", "mp4"];

function motion(format: string, seconds: number): string[] {
  if (!MOVING.includes(format)) return [];
  const still = ["moving-svg", "webp"].includes(format);
  return [...(still ? ["--animate"] : []), ...(seconds ? ["--duration", String(seconds)] : [])];
}

/** Of a picture (`png`, `svg`, `pdf`), or of it being written. `boxed`: some characters cannot be drawn, so that the CLI must be told to go on. */
export function pictureCommand(state: State, format: string, boxed: boolean, fileOf: FileOf, seconds = 0): string {
  const [before, hand] = handOf(state, fileOf);
  const more = [...motion(format, seconds), ...(boxed ? ["--missing", "box"] : [])];
  if (state.view === "page") {
    const line = ["handsynth", "page", "-", "-o", `page.${endingOf(format)}`, ...hand, ...pageOptions(state), ...more];
    return before + `printf %s ${quoted(state.text)} | ${line.map(quoted).join(" ")}`;
  }
  const options = ["-o", `line.${endingOf(format)}`, ...hand, ...lineOptions(state), ...more].map(quoted).join(" ");
  const text = quoted(state.text);
  // a text that looks like an option, or like "read from standard input"
  if (state.text === "-") return before + `printf %s - | handsynth render - ${options}`;
  if (state.text.startsWith("-")) return before + `handsynth render ${options} -- ${text}`;
  return before + `handsynth render ${text} ${options}`;
}

/** Of a font (`ttf`, `woff2`, `bdf`, `fnt`). */
export function fontCommand(state: State, format: string, name: string, fileOf: FileOf): string {
  const [before, hand] = handOf(state, fileOf);
  const family = state.family || name;
  const line = ["handsynth", "font", "-o", `${stem(family)}.${format}`, ...hand];
  add(line, "--family", family, stem(family));
  add(line, "--charset", state.charset, FONT.charset);
  add(line, "--variants", state.variants, FONT.variants);
  if (isBitmap(format)) add(line, "--sizes", state.sizes, FONT.sizes);
  add(line, "--seed", state.seed, FONT.seed);
  add(line, "--temperature", state.temperature, FONT.temperature);
  add(line, "--variation", state.variation, FONT.variation);
  add(line, "--joined", state.joined, FONT.joined);
  add(line, "--legibility", fontLegibility(state), FONT.legibility);
  add(line, "--slant", state.slant, FONT.slant);
  add(line, "--pen", state.pen, FONT.pen);
  add(line, "--originals", state.originals, FONT.originals);
  return before + line.map(quoted).join(" ");
}

/** Whether a font's format is of pixels. */
export function isBitmap(format: string): boolean {
  return format === "bdf" || format === "fnt";
}

/** A letter of a font is seen a thousand times: as usual the best of some is kept. */
export function fontLegibility(state: State): number {
  return state.legibility === USUAL.legibility ? FONT.legibility : state.legibility;
}

/** A line before that makes the hand, and the option that says it. */
function handOf(state: State, fileOf: FileOf): [string, string[]] {
  const one = (hand: string) => (hand === "" || hand.startsWith("own:") ? fileOf(hand) : hand);
  if (!state.blend) return ["", state.hand ? ["--hand", one(state.hand)] : []];
  const line = ["handsynth", "hand", "blend", one(state.hand), one(state.blend), String(state.share), "-o", "mixed.hand"];
  return [line.map(quoted).join(" ") + " &&\n", ["--hand", "mixed.hand"]];
}

function add(line: string[], option: string, value: string | number, usual: string | number): void {
  if (value === usual) return;
  // click takes "-0.1" after an option for its value, but an = leaves no doubt
  const text = String(value);
  if (text.startsWith("-")) line.push(`${option}=${text}`);
  else line.push(option, text);
}

function lineOptions(state: State): string[] {
  const line: string[] = [];
  add(line, "--seed", state.seed, LINE.seed);
  add(line, "--size", `${state.size}px`, `${LINE.size}px`);
  if (wrapOf(state)) add(line, "--wrap", `${wrapOf(state)}px`, "");
  add(line, "--ink", state.ink, LINE.ink);
  add(line, "--paper-colour", state.paperColour, LINE.paperColour);
  add(line, "--temperature", state.temperature, LINE.temperature);
  add(line, "--variation", state.variation, LINE.variation);
  add(line, "--joined", state.joined, LINE.joined);
  add(line, "--legibility", state.legibility, LINE.legibility);
  add(line, "--slant", state.slant, LINE.slant);
  add(line, "--pen", state.pen, LINE.pen);
  add(line, "--letter-spacing", state.letterSpacing, LINE.letterSpacing);
  add(line, "--word-spacing", state.wordSpacing, LINE.wordSpacing);
  add(line, "--line-spacing", state.lineSpacing, LINE.lineSpacing);
  add(line, "--wander", state.wander, LINE.wander);
  add(line, "--originals", state.originals, LINE.originals);
  return line;
}

/** No usual word of no hand has letters so wide on average, in x-heights. */
const WIDEST = 1.5;

/**
 * The width to wrap at, 0 for none. A text that is surely shorter is not wrapped, so that its picture ends where it
 * does; and a line holds a few letters, however large.
 */
export function wrapOf(state: State): number {
  const longest = Math.max(...state.text.split("\n").map((line) => line.length));
  const letter = WIDEST * state.size * Math.max(1, state.letterSpacing, state.wordSpacing);
  return longest * letter <= state.wrap ? 0 : state.wrap && Math.max(state.wrap, 3 * state.size);
}

function pageOptions(state: State): string[] {
  const line: string[] = [];
  add(line, "--paper", sheetName(state), PAGE.paperName);
  add(line, "--seed", state.seed, PAGE.seed);
  if (state.pageSize) add(line, "--size", `${state.pageSize}mm`, "");
  add(line, "--align", state.align, PAGE.align);
  add(line, "--ink", state.ink, PAGE.ink);
  add(line, "--temperature", state.temperature, PAGE.temperature);
  add(line, "--variation", state.variation, PAGE.variation);
  add(line, "--joined", state.joined, PAGE.joined);
  add(line, "--legibility", state.legibility, PAGE.legibility);
  add(line, "--slant", state.slant, PAGE.slant);
  add(line, "--pen", state.pen, PAGE.pen);
  add(line, "--look", state.look, PAGE.look);
  add(line, "--originals", state.originals, PAGE.originals);
  for (const [name, value] of Object.entries(pageSettings(state))) line.push("--set", `${name}=${value}`);
  return line;
}

/** What differs from the usual style sheet and has no option of its own, as TABLE.DIAL and value. */
export function pageSettings(state: State): Record<string, string | number> {
  const all: [string, string | number, string | number][] = [
    ["text.format", state.markdown ? "markdown" : "text", "text"],
    ["text.letter_spacing", state.letterSpacing, PAGE.letterSpacing],
    ["text.word_spacing", state.wordSpacing, PAGE.wordSpacing],
    ["text.line_spacing", state.lineSpacing, PAGE.lineSpacing],
    ["paper.colour", sheetColour(state), ""],
    ["paper.grain", state.grain, PAGE.grain],
    ["paper.background", state.background && paperName(state.background), ""],
    ["person.wander", state.wander, PAGE.wander],
    ["person.size", state.personSize, PAGE.personSize],
    ["person.slant", state.personSlant, PAGE.personSlant],
    ["person.margin", state.personMargin, PAGE.personMargin],
    ["person.tiring", state.personTiring, PAGE.personTiring],
    ["person.pressure", state.personPressure, PAGE.personPressure],
    ["person.ink", state.personInk, PAGE.personInk],
    ["person.pool", state.personPool, PAGE.personPool],
    ["person.slips", state.slips, PAGE.slips],
  ];
  return Object.fromEntries(all.filter(([, value, usual]) => value !== usual).map(([name, value]) => [name, value]));
}

/** The sheet, without rules where those of one's own paper count. */
export function sheetName(state: State): string {
  return state.background ? unruled(state.paperName) : state.paperName;
}

/** The colour of a page's sheet, "" for its own: a page cannot be transparent. */
export function sheetColour(state: State): string {
  return state.paperColour === "transparent" || state.paperColour === USUAL.paperColour ? "" : state.paperColour;
}
