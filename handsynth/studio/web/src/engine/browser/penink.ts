/** Pen paths to pixels: how much of each pixel the strokes of a round pen cover. handsynth/ink/penink.py, to the bit. */

import type { Frame } from "./frame";
import { type Paths, splined, thinned } from "./paths";

const { fround } = Math;

/** Length of the pieces that strokes are cut into, in px of the picture. */
const STEP = 1.2;
/** Usual distance between the points of a stroke, in frame px. */
const SPACING = 1.1;

export interface Picture {
  width: number;
  height: number;
  /** How much ink covers each pixel, 255 = full. */
  coverage: Uint8Array;
}

/** `paths` with points close enough for `k` pixels to a frame px, and no closer. */
export function fitted(paths: Paths, k: number): Paths {
  const spacing = SPACING * k;
  if (spacing > STEP) return splined(paths, Math.min(16, Math.ceil(spacing / STEP)));
  return thinned(paths, Math.max(1, Math.trunc(STEP / spacing)));
}

/** Lay strokes, in px of the picture, on it; where more covers less. */
export function cover({ width, height, coverage }: Picture, paths: Paths): void {
  const half = paths.width / 2;
  const reach = fround(half + 0.5);
  const most = fround(255 * Math.min(1, 2 * half));
  const first = (near: number) => Math.max(0, Math.ceil(fround(fround(near - reach) - 0.5)));
  const last = (far: number, size: number) => Math.min(size - 1, Math.floor(fround(fround(far + reach) - 0.5)));
  for (const points of paths.strokes) {
    // a stroke of one point is a piece without length
    for (let i = 0; i === 0 || i + 2 < points.length; i += 2) {
      const next = Math.min(i + 2, points.length - 2);
      const [x, y] = [points[i], points[i + 1]];
      const [u, v] = [fround(points[next] - x), fround(points[next + 1] - y)];
      const [endX, endY] = [fround(x + u), fround(y + v)];
      const [left, right] = [first(Math.min(x, endX)), last(Math.max(x, endX), width)];
      const [top, bottom] = [first(Math.min(y, endY)), last(Math.max(y, endY), height)];
      const scale = fround(1 / Math.max(fround(fround(u * u) + fround(v * v)), fround(1e-12)));
      const [along, down] = [fround(u * scale), fround(v * scale)];
      for (let row = top; row <= bottom; row++) {
        const dy = fround(fround(row + 0.5) - y);
        const part = fround(dy * down);
        for (let column = left, at = row * width + left; column <= right; column++, at++) {
          const dx = fround(fround(column + 0.5) - x);
          const share = Math.min(1, Math.max(0, fround(fround(dx * along) + part)));
          const offX = fround(dx - fround(share * u));
          const offY = fround(dy - fround(share * v));
          const away = fround(Math.sqrt(fround(fround(offX * offX) + fround(offY * offY))));
          const ink = Math.min(most, fround(fround(reach - away) * 255));
          if (ink >= 0.5) coverage[at] = Math.max(coverage[at], fround(ink + 0.5));
        }
      }
    }
  }
}

/** Coverage 0 … 1 of the frame's own pixels. */
export function framed(paths: Paths, { size }: Frame): Float32Array {
  const picture = { width: size, height: size, coverage: new Uint8Array(size * size) };
  cover(picture, paths);
  return Float32Array.from(picture.coverage, (value) => value * fround(1 / 255));
}
