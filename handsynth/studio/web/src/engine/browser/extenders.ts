/** Ascenders and descenders, made longer or shorter. handsynth/ink/extenders.py. */

import type { Frame } from "./frame";
import type { Paths } from "./paths";

/** How high the pen goes for small letters, in x-heights; below, extenders begin at the line. */
const TOP = 0.92;
/** Steps to the frame px in which extenders are measured. */
const STEPS = 32;
/** Steps to 1 of the lean. */
const LEANS = 16;
/** Extenders grow along the way that they lean, and lean no more than this, x per height. */
const STEEPEST = 0.8;

/** How long the extenders of a hand are beside those of its style. */
export interface Extenders {
  ascenders: number;
  descenders: number;
}

/** A letter whose extenders are so many times as long. */
export function stretched(letter: Paths, { ascenders, descenders }: Extenders, frame: Frame): Paths {
  if (ascenders === 1 && descenders === 1) return letter;
  const height = (y: number) => frame.baseline - y;
  const ways = [
    { times: ascenders, beyond: (y: number) => Math.max(height(y) - TOP * frame.xheight, 0) },
    { times: descenders, beyond: (y: number) => Math.min(height(y), 0) },
  ].map((way) => ({ ...way, lean: lean(letter.strokes, way.beyond) }));
  const strokes = letter.strokes.map((points) => {
    const moved = Float64Array.from(points);
    for (const { times, beyond, lean } of ways) {
      for (let at = 0; at < points.length; at += 2) {
        const grown = ((times - 1) * Math.floor(beyond(points[at + 1]) * STEPS + 0.5)) / STEPS;
        moved[at] += lean * grown;
        moved[at + 1] -= grown;
      }
    }
    return Float32Array.from(moved);
  });
  return { ...letter, strokes };
}

/** How the part `beyond` of a letter leans, x per height; its steep lines tell. */
function lean(strokes: Float32Array[], beyond: (y: number) => number): number {
  let [up, along] = [0, 0];
  for (const points of strokes) {
    for (let at = 2; at < points.length; at += 2) {
      if (!beyond(points[at + 1]) || !beyond(points[at - 1])) continue;
      const [across, down] = [points[at] - points[at - 2], points[at + 1] - points[at - 1]];
      up += down * down;
      along -= across * down;
    }
  }
  const steep = Math.min(STEEPEST, Math.max(-STEEPEST, along / (up > 0 ? up : 1)));
  return Math.floor(steep * LEANS + 0.5) / LEANS;
}
