/** How text is set, and how far apart glyphs stand because of it: handsynth/layout/setting.py. */

import DIALS from "../../dials.json";
import type { Frame } from "./frame";
import type { Joining } from "./joining";
import { Refusal } from "./refusal";
import { CLEARANCE, DEFAULT_GAP, type Profile, apart, distance } from "./spacing";
import { type Strays, type Unevenness, blankOf, gapOf } from "./unevenness";
import type { Glyph } from "./words";

/** From baseline to baseline, in x-heights. */
export const LINE_HEIGHT = 3;
export const INDENT = 1.1;
const WORD_SPACE = 0.75;
/** The space between words is wider by so much of what gaps are beyond the usual. */
const WIDER = 1;
const TIGHTEST = 0.04;
/** Least and greatest width to wrap lines at, in x-heights. */
export const WRAP = [2, 1e5] as const;

/** Lengths are in x-heights. */
export interface Setting {
  /** Greatest width of a line; null: lines end only where the text says so. */
  wrap: number | null;
  gap: number;
  letterSpacing: number;
  wordSpacing: number;
  lineSpacing: number;
  margin: number;
  wander: number;
  /** Which letters are joined; null: none. */
  joins: Joining | null;
  /** How the hand's letters stray from the line and from even gaps. */
  unevenness: Unevenness;
}

const CHECKED = ["gap", "letterSpacing", "wordSpacing", "lineSpacing", "margin", "wander"] as const;

/** Throws a Refusal for what is out of range. */
export function check(setting: Setting): void {
  for (const name of CHECKED) {
    const value = setting[name];
    const { least, most } = DIALS.ranges[name];
    if (!(value >= least && value <= most)) {
      const spaced = name.replace(/[A-Z]/, (capital) => ` ${capital.toLowerCase()}`);
      throw new Refusal(`${spaced} is ${value}; give a number from ${least} to ${most}`);
    }
  }
}

/** So many of these beside each other are one line to write on: their ends overlap by so much, in x-heights. */
const [RULED, RULE, RULE_OVERLAP] = ["_", 3, 0.05] as const;

/** Which glyphs go on with a line to write on that the one before is part of. */
function ruledOf(glyphs: Glyph[]): boolean[] {
  const result = glyphs.map(() => false);
  let begin = 0;
  for (let at = 1; at <= glyphs.length; at++) {
    const glyph = glyphs[at];
    const on = glyph?.item.text === RULED && glyphs[begin].item.text === RULED;
    if (on && glyph.newlines === 0 && glyph.space === 0) continue;
    if (at - begin >= RULE) result.fill(true, begin + 1, at);
    begin = at;
  }
  return result;
}

/** Distance of each glyph's centre line from the one before it that is not an optional hyphen. */
export function steps(
  glyphs: Glyph[],
  edges: Profile[],
  frame: Frame,
  setting: Setting,
  bearings: Record<string, [number, number]>,
  stray: Strays,
): Float64Array {
  const { gap: usual, letterSpacing, wordSpacing, wander } = setting;
  // a blank is wider by its own letter space and that of the letter before it, as in typesetting
  const wider = usual * (letterSpacing - 1) * (letterSpacing > 1 ? 2 : 1);
  const usualBlank = WORD_SPACE + usual + WIDER * Math.max(usual - DEFAULT_GAP, 0);
  // by the usual gap: letters that stray nearer still do not touch
  const clearance = Math.min(CLEARANCE, Math.max(0.5 * usual * letterSpacing, TIGHTEST));
  const step = new Float64Array(glyphs.length);
  const ruled = ruledOf(glyphs);
  let before = 0;
  glyphs.forEach((glyph, i) => {
    if (i > 0 && glyph.newlines === 0) {
      const gap = gapOf(usual, usualBlank, stray.gap[i]) * letterSpacing;
      const raised = wander * (stray.shift[i] - stray.shift[before]);
      const tight = distance(edges[before], edges[i], frame, gap, clearance, raised);
      const after = bearings[glyphs[before].item.text]?.[1] ?? 0;
      const extra = after + (bearings[glyph.item.text]?.[0] ?? 0);
      if (ruled[i]) step[i] = edges[before].box[1] - edges[i].box[0] - RULE_OVERLAP;
      else if (glyph.space === 0) step[i] = tight + extra * letterSpacing;
      else {
        const wordSpace = Math.max(0, blankOf(usualBlank, stray.gap[i]) * wordSpacing + wider);
        const blank = Math.min(glyph.space, 1) * wordSpace + Math.max(glyph.space - 1, 0) * INDENT * wordSpacing;
        step[i] = Math.max(tight, apart(edges[before], edges[i], blank));
      }
    }
    if (!glyph.optional) before = i;
  });
  return step;
}
