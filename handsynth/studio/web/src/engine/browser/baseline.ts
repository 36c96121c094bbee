/** A baseline like a person's: words rise and fall a little, and a line drifts. handsynth/layout/baseline.py. */

import { type Normals, type Seed, uniforms } from "./noise";

const RISE = 0.1;
const SLOPE = 0.018;
const DRIFT = 0.0035;
const [STEEPEST, TURN] = [0.006, 50];
const MARGIN = 0.2;

/** How far inside the left edge a line begins with the word of this key, in x-heights. */
export function margin(seed: Seed, key: bigint): number {
  return MARGIN * uniforms(seed, "layout", key, 5)[4];
}

export interface Standing {
  word: number;
  line: number;
  x: number;
}

/** Height of the baseline above the ruled line, in x-heights, and its angle, in radians, at glyphs in reading order. */
export function wander(
  normals: Normals,
  seed: Seed,
  keys: bigint[],
  glyphs: Standing[],
  unevenness: number,
): { rise: Float64Array; angle: Float64Array } {
  const drawn = keys.map((key) => normals.of(seed, "layout", key, 3));
  const alone = drawn.map((row) => unevenness * RISE * row[0]);
  const slope = drawn.map((row) => unevenness * SLOPE * row[1]);
  const drift = drawn.map((row) => Math.min(STEEPEST, Math.max(-STEEPEST, DRIFT * row[2])));
  // neighbouring words go together: each takes part in the rise of the next
  const height = alone.map((own, i) => ((alone[i - 1] ?? own) + 2 * own + (alone[i + 1] ?? own)) * (0.25 * 1.63));

  const count = glyphs.length;
  const [rise, angle] = [new Float64Array(count), new Float64Array(count)];
  // a run is a word, or the part of it that stands on one line
  const runs = parts(glyphs, (a, b) => a.word === b.word && a.line === b.line).map(([start, stop]) => {
    const middle = glyphs.slice(start, stop).reduce((sum, { x }) => sum + x, 0) / (stop - start);
    return { start, stop, middle, value: height[glyphs[start].word] };
  });
  for (const [start, stop] of parts(glyphs, (a, b) => a.line === b.line)) {
    const knots = runs.filter((run) => run.start >= start && run.stop <= stop);
    const steep = drift[glyphs[start].word];
    for (const run of knots) {
      for (let i = run.start; i < run.stop; i++) {
        const { x, word } = glyphs[i];
        const way = (x - glyphs[start].x) / TURN;
        const slow = way / Math.E;
        const lean = Math.cos(way) * Math.cos(slow) - (Math.sin(way) * Math.sin(slow)) / Math.E;
        rise[i] =
          between(knots, x) +
          Math.min(0.12, Math.max(-0.12, slope[word] * (x - run.middle))) +
          steep * TURN * Math.sin(way) * Math.cos(slow);
        angle[i] = steep * lean + slope[word];
      }
    }
  }
  return { rise, angle };
}

/** Stretches of like neighbours: first, and one beyond the last. */
function parts<T>(items: T[], alike: (a: T, b: T) => boolean): [number, number][] {
  const begins = items.flatMap((entry, i) => (i && alike(items[i - 1], entry) ? [] : [i]));
  return begins.map((start, i) => [start, begins[i + 1] ?? items.length]);
}

/** The value at x, eased (cosine) between the knots; level before and after them. */
function between(knots: { middle: number; value: number }[], x: number): number {
  let after = knots.findIndex(({ middle }) => middle >= x);
  if (after < 0) after = knots.length;
  const low = knots[Math.max(after - 1, 0)];
  const high = knots[Math.min(after, knots.length - 1)];
  const width = high.middle - low.middle;
  const share = width > 0 ? (x - low.middle) / width : 0;
  return low.value + (high.value - low.value) * (0.5 - 0.5 * Math.cos(Math.PI * share));
}
