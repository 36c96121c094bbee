/** How letters are entered whose beginning is not at their left: handsynth/layout/entries.py. */

import { type Point, REACH, at, lastOf, unit, way } from "./directions";
import type { Ends } from "./ends";
import type { Frame } from "./frame";

/** Letters that begin at their left, though what slopes may begin right of the rest of them; up to TALLEST those of TALL. */
const [STEMS, TALL] = ["bhijklmnprtuvwxy", "bhklt"];
const [LOWEST, HIGHEST, TALLEST] = [-0.25, 1.25, 2.3];
/** Letters that begin by going up, at this height or above, and then down at their left. */
const [ROUNDS, RISES] = ["acdgqs", 0.15] as const;
/** So far back a stroke may go on its way to where it begins to go down, x-heights. */
const SHAKES = 0.1;
/** A stem is entered at the left of what lies so near to its height, or is as thin as THIN; others left in their top. */
const [BAND, LEFT, THIN, TOP] = [0.2, 0.35, 0.2, 0.6];

/** Lets a letter be entered that begins at its right: what changes of its ends. `bodies`: its strokes but dots and bars. */
export function otherEntry(some: Ends, first: Float32Array, bodies: Float32Array[], frame: Frame, char: string): Partial<Ends> {
  const { xheight: k, baseline } = frame;
  const height = (baseline - first[1]) / k;
  if (STEMS.includes(char)) {
    if (!(height > LOWEST && height < (TALL.includes(char) ? TALLEST : HIGHEST))) return {};
    const [left, right] = edges(some.entry, bodies, k);
    return { enters: some.entry[0] <= left + LEFT * (right - left) || right - left < THIN * k };
  }
  if (!ROUNDS.includes(char) || !(height > RISES && height < HIGHEST)) return {};
  if (!(way(first, 0, lastOf(first), REACH * k, 1)[1] < 0)) return {};
  const found = overTheTop(first, k);
  const [left, right] = edges(found.entry, bodies, k);
  return { ...found, enters: found.retraced > 0 && found.entry[0] <= left + TOP * (right - left) };
}

/** Left and right edge of what lies at the height of an entry. */
function edges([, y]: Point, bodies: Float32Array[], k: number): [number, number] {
  let [left, right] = [Infinity, -Infinity];
  for (const points of bodies) {
    for (let i = 0; i < points.length; i += 2) {
      if (Math.abs(points[i + 1] - y) < BAND * k) [left, right] = [Math.min(left, points[i]), Math.max(right, points[i])];
    }
  }
  return [left, right];
}

/** A letter is entered where its bowl begins to go down. */
export function overTheTop(points: Float32Array, k: number): Pick<Ends, "retraced" | "entry" | "into"> {
  const sum = (i: number) => points[2 * i] + points[2 * i + 1];
  const last = Math.max(lastOf(points) - 1, 0);
  let [i, least] = [0, sum(0)];
  for (let n = 1; n <= 24; n++) {
    const next = Math.min(n, last);
    if (!(sum(next) <= least + SHAKES * k)) break; // pens tremble where they are set down
    if (sum(next) < least) [i, least] = [next, sum(next)];
  }
  const [before, after] = [at(points, Math.max(i - 1, 0)), at(points, Math.min(i + 1, lastOf(points)))];
  return { retraced: i, entry: at(points, i), into: unit([before[0] - after[0], before[1] - after[1]]) };
}
