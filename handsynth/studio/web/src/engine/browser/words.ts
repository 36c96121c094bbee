/** Items to words: which glyphs to draw, under which noise, with which breaks. handsynth/layout/words.py. */

import { type Item, item } from "./charset";
import { noiseKey } from "./noisekey";
import type { Piece, Tables } from "./tables";

const ALPHA = /^\p{L}$/u;
const ALPHANUMERIC = /^[\p{L}\p{N}]$/u;

/** Signs that belong to what stands before them, and after them, even past a blank; units; groups of a number. */
const CLOSING = "?!:;.,»›)]}\u2026";
const OPENING = "«‹([{\u00bf\u00a1";
const UNITS = "%‰€$£¥°";
const THOUSANDS = /^[0-9]{3}(?![0-9])/;
/** Addresses, which no hyphen may break, and the signs of theirs after which a line may end: handsynth/text/addresses.py. */
const ADDRESS =
  /(?:[A-Za-z][A-Za-z0-9+.-]{0,20}:\/\/|[Ww]{3}\.)[^\s/]|[^\s@]@[A-Za-z0-9][A-Za-z0-9.-]{0,63}\.[A-Za-z]/u;
const ADDRESS_BREAK_AFTER = "/?&=#@";
const DECIMAL = /^\p{Nd}+$/u;

export interface Glyph {
  item: Item;
  /** Place of its word in the script's words. */
  word: number;
  /** Number inside the word. */
  letter: number;
  /** Key of its noise. */
  place: bigint;
  /** Blank before it, in word spaces; after a line's end, its indent. */
  space: number;
  /** Forced line ends before it. */
  newlines: number;
  /** Whether a line may end before it. */
  breakable: boolean;
  /** Whether it may where the word would be torn otherwise. */
  weak: boolean;
  /** A hyphen that is drawn only where a line ends after it. */
  optional: boolean;
}

export interface Word {
  text: string;
  /** How-manieth time it stands in the text, from 0. */
  time: number;
}

export interface Script {
  glyphs: Glyph[];
  words: Word[];
  /** Blank lines after the last glyph. */
  ends: number;
}

export function piecePlace(script: Script, glyph: Glyph, piece: number): bigint {
  const { text, time } = script.words[glyph.word];
  return piece ? noiseKey(text, time, glyph.letter, piece) : glyph.place;
}

/** Group items into words at blanks and line ends, and give every glyph its place. */
export function split(items: Item[], breakAfter: string[]): Script {
  const seen = new Map<string, number>();
  const [glyphs, words]: [Glyph[], Word[]] = [[], []];
  let [space, newlines, breakable] = [0, 0, true];
  for (let start = 0; start < items.length;) {
    const { kind, width, holds } = items[start];
    if (kind === "space") {
      breakable = (breakable && space > 0) || !holds;
      space += width;
      start++;
      continue;
    }
    if (kind === "newline") {
      [space, newlines, breakable] = [0, newlines + 1, true];
      start++;
      continue;
    }
    let end = start;
    while (end < items.length && items[end].kind !== "space" && items[end].kind !== "newline") end++;
    const word = items.slice(start, end);
    const seenInk = word.filter((part) => part.kind !== "chance");
    if (seenInk.length) {
      const text = seenInk.map((part) => part.text).join("");
      const time = seen.get(text) ?? 0;
      seen.set(text, time + 1);
      let clings = space > 0 && !newlines && words.length > 0 && cling(words[words.length - 1].text, text);
      breaks(word, text, breakAfter).forEach(([part, mayBreak, weak], letter) => {
        glyphs.push({
          item: part,
          word: words.length,
          letter,
          place: noiseKey(text, time, letter, 0),
          space,
          newlines,
          breakable: mayBreak || (breakable && !clings),
          weak: weak || clings,
          optional: part.kind === "chance",
        });
        [space, newlines, breakable] = [0, 0, false];
        clings = false;
      });
      words.push({ text, time });
    }
    start = end;
  }
  return { glyphs, words, ends: Math.max(newlines - 1, 0) };
}

/** Whether a line should not end at the blank between two words: a sign, a unit or digits that belong to the other. */
function cling(before: string, word: string): boolean {
  const [left, right] = [Array.from(before), Array.from(word)];
  const last = left[left.length - 1];
  if (!right.some((char) => ALPHANUMERIC.test(char)) && CLOSING.includes(right[0])) return true;
  if (!left.some((char) => ALPHANUMERIC.test(char)) && OPENING.includes(last)) return true;
  if (DECIMAL.test(last) && UNITS.includes(right[0])) return true;
  const digits = before.replace(/^[-+]+/, "");
  return THOUSANDS.test(word) && Array.from(digits).length <= 3 && DECIMAL.test(digits);
}

/** With optional hyphens between the letters of `words`; the same script if there are none. */
export function hyphenate(script: Script, words: Set<number>, hyphen: Piece[], signs: Tables["signs"]): Script {
  const glyphs: Glyph[] = [];
  const broken = (word: number) => words.has(word) && !ADDRESS.test(script.words[word].text);
  script.glyphs.forEach((glyph, i) => {
    glyphs.push(glyph);
    const next = script.glyphs[i + 1];
    const inside = next && !glyph.optional && !next.optional && glyph.word === next.word && broken(glyph.word);
    if (inside && isLetter(glyph.item) && isLetter(next.item)) {
      glyphs.push({
        ...glyph,
        item: item(signs.softHyphen, "chance", hyphen),
        // the noise of the letters stays as it is: a hyphen has a place of its own
        place: noiseKey(glyph.place, "hyphen"),
        space: 0,
        newlines: 0,
        breakable: false,
        weak: false,
        optional: true,
      });
    }
  });
  return glyphs.length > script.glyphs.length ? { ...script, glyphs } : script;
}

function isLetter({ kind, text }: Item): boolean {
  return kind === "glyph" && ALPHA.test(first(text));
}

/** The glyphs of a word, each with whether a line may end before it, and whether it may if need be. */
function breaks(word: Item[], text: string, breakAfter: string[]): [Item, boolean, boolean][] {
  const result: [Item, boolean, boolean][] = [];
  const address = ADDRESS.test(text);
  let chance = false;
  word.forEach((part, i) => {
    if (part.kind === "chance" && !part.pieces.length) {
      chance = true;
      return;
    }
    let weak = false;
    if (!chance && i >= 2 && part.kind === "glyph" && ALPHANUMERIC.test(first(part.text))) {
      const [before, earlier] = [word[i - 1].text, word[i - 2].text];
      const joint = ALPHANUMERIC.test(Array.from(earlier).at(-1)!) || before === "\u2013" || before === "\u2014";
      const sign = address ? ADDRESS_BREAK_AFTER.includes(before) : breakAfter.includes(before) && joint;
      [chance, weak] = [sign && i >= 3, sign];
    }
    result.push([part, chance, weak]);
    chance = part.kind === "chance";
  });
  return result;
}

function first(text: string): string {
  return String.fromCodePoint(text.codePointAt(0)!);
}
