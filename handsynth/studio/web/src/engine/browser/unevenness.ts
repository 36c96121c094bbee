/** How letters stray, and what of that is a hand's own. handsynth/layout/unevenness.py, hands/unevenness.py. */

import { type Normals, type Seed } from "./noise";
import { noiseKey } from "./noisekey";
import type { Glyph } from "./words";

const [LETTER, WORD, HABIT] = [0.39, 0.28, 0.26];
const [MOST, LEAST] = [2, 0.3];
const WITHIN = 0.5;
const [BLANKS, NARROWEST] = [0.16, -1];
const [SHIFT, OWN_SHIFT] = [0.085, 0.06];
const FURTHEST = 2.2 * Math.sqrt(SHIFT ** 2 + OWN_SHIFT ** 2);

export interface Strays {
  /** The gap before each glyph, as a share of its root. */
  gap: Float64Array;
  /** Upwards, in x-heights, where `wander` is 1. */
  shift: Float64Array;
}

/** How uneven a hand writes: 0 as type, 1 as most people; the key is the hand's. */
export interface Unevenness {
  amount: number;
  key: bigint;
}

/** What is a hand's own of a letter: of the gap before, the gap after, and the height on the line. */
function habits(normals: Normals, { key }: Unevenness, text: string): Float32Array {
  return normals.of(key, "hand", noiseKey("stray", text), 3);
}

/** How far each glyph strays from even gaps and from its baseline. */
export function strays(normals: Normals, seed: Seed, glyphs: Glyph[], uneven: Unevenness): Strays {
  const own = glyphs.map(({ item }) => habits(normals, uneven, item.text));
  const most = MOST * Math.sqrt(LETTER ** 2 + WORD ** 2 + 2 * HABIT ** 2);
  let ofWord = 0;
  const found: Strays = { gap: new Float64Array(glyphs.length), shift: new Float64Array(glyphs.length) };
  glyphs.forEach(({ place, word, newlines }, i) => {
    if (i === 0 || glyphs[i - 1].word !== word || newlines > 0) ofWord = normals.of(seed, "layout", place, 3)[2];
    const both = own[i][0] + (i > 0 ? own[i - 1][1] : 0);
    const chance = normals.of(seed, "layout", place, 2);
    found.gap[i] = uneven.amount * within(most, LETTER * chance[1] + WORD * ofWord + HABIT * both);
    found.shift[i] = uneven.amount * within(FURTHEST, SHIFT * chance[0] + OWN_SHIFT * own[i][2]);
  });
  return found;
}

function within(most: number, value: number): number {
  return Math.min(most, Math.max(-most, value));
}

/** A gap that is usually so wide, where a space between words is `blank`. */
export function gapOf(usual: number, blank: number, stray: number): number {
  const wanted = usual + stray * Math.sqrt(Math.max(usual, 0));
  return Math.max(Math.min(wanted, Math.max(WITHIN * blank, usual)), LEAST * usual);
}

/** A space between words that is usually so wide. */
export function blankOf(usual: number, stray: number): number {
  return usual * (1 + BLANKS * Math.max(stray / LETTER, NARROWEST));
}
