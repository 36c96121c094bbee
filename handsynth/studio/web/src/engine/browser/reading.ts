/** A text to the items that are written, and notes on what is not drawn as it was: handsynth/text/charset.py. */

import DIALS from "../../dials.json";
import { type Action, type Charset, type Item, item } from "./charset";
import { clusters, describe } from "./clusters";
import { Refusal } from "./refusal";

export const MAX_TEXT = DIALS.ranges.text.most;
const NAMED = 5;

export type Missing = "skip" | "box";

interface Note {
  text: string;
  action: Action;
  became: string;
  count: number;
  line: number;
  column: number;
}

export interface Read {
  items: Item[];
  notes: string[];
}

/** Throws a Refusal for text that is too long or leaves no ink. */
export function read(text: string, charset: Charset, missing: Missing): Read {
  const length = Array.from(text).length;
  if (length > MAX_TEXT) {
    const [count, most] = [length, MAX_TEXT].map((number) => number.toLocaleString("en"));
    throw new Refusal(`the text has ${count} characters, more than the ${most} of one picture; give it in parts`);
  }
  const items: Item[] = [];
  const notes = new Map<string, Note>();
  let [line, column, gone] = [1, 1, false];
  for (const cluster of clusters(text, charset.alone)) {
    let { items: drawn, action, became } = charset.resolve(cluster);
    if (!drawn.length && !action) {
      action = missing === "box" ? "drawn as a box" : "left out";
      if (missing === "box") drawn = [item(cluster, "box")];
    }
    if (gone && drawn[0]?.kind === "space" && isBlank(items.at(-1))) {
      // what stood between two blanks was left out: one of them is enough
      drawn = [{ ...drawn[0], width: 0 }, ...drawn.slice(1)];
    }
    gone = !drawn.length;
    for (const entry of drawn) items.push(entry);
    const known = notes.get(cluster);
    if (known) known.count++;
    else if (action) notes.set(cluster, { text: cluster, action, became, count: 1, line, column });
    if (charset.newlines.has(cluster)) [line, column] = [line + 1, 1];
    else column += Array.from(cluster).length;
  }
  if (!items.some(({ kind }) => kind === "glyph" || kind === "box")) {
    throw new Refusal("there is nothing to write: the text has no character that leaves ink; give some text");
  }
  return { items, notes: lines([...notes.values()]) };
}

function isBlank(before: Item | undefined): boolean {
  return !before || before.kind === "space" || before.kind === "newline";
}

/** One line a note; of many that became of the same only the first few, and how many more. */
function lines(notes: Note[]): string[] {
  const result: string[] = [];
  const named = new Map<Action, number>();
  for (const note of notes) {
    const number = (named.get(note.action) ?? 0) + 1;
    named.set(note.action, number);
    const more = notes.filter(({ action }) => action === note.action).length - NAMED;
    if (number <= NAMED) result.push(said(note));
    else if (number === NAMED + more) result.push(`and ${more} more character${more > 1 ? "s" : ""} ${note.action}`);
  }
  return result;
}

function said({ text, action, became, count, line, column }: Note): string {
  const by = became ? ` by ${became}` : "";
  const times = count > 1 ? ` (${count} times)` : "";
  return `${describe(text)} at line ${line}, column ${column} ${action}${by}${times}`;
}
