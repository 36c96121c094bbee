/** Edges of pen strokes row by row, for spacing: handsynth/ink/penshape.py. */

import type { Frame } from "./frame";
import { type Paths, splined } from "./paths";
import { Profile } from "./spacing";

/** Edges of the ink at the middle of each of the frame's rows. */
export function edges(paths: Paths, frame: Frame): Profile {
  const { size, xheight } = frame;
  const left = new Float64Array(size).fill(Infinity);
  const right = new Float64Array(size).fill(-Infinity);
  const half = paths.width / 2;
  for (const points of splined(paths, 2).strokes) {
    for (let i = 0; i < points.length; i += 2) {
      const [x, y] = [points[i], points[i + 1]];
      const last = Math.min(size - 1, y + half);
      for (let row = Math.max(0, Math.ceil(y - half - 0.5)); row <= last; row++) {
        const square = half * half - (row + 0.5 - y) ** 2;
        if (square < 0) continue;
        const reach = Math.sqrt(square);
        left[row] = Math.min(left[row], x - reach);
        right[row] = Math.max(right[row], x + reach);
      }
    }
  }
  const about = (edge: number) => (edge - size / 2) / xheight;
  return new Profile(left.map(about), right.map(about), frame);
}
