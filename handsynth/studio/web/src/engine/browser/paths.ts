/** The pen strokes of one glyph, and what follows from them without pixels: handsynth/ink/paths.py, in 32-bit numbers. */

import type { Box, Frame } from "./frame";

const { fround } = Math;

/** In writing order; a smooth line runs through the points of each stroke (see `splined`). */
export interface Paths {
  /** Of each stroke, x and y in turn: frame px, y down. */
  strokes: Float32Array[];
  /** Of the round pen, in px. */
  width: number;
}

/** An affine map: x of x, of y and of nothing, then y. */
export type Move = [number, number, number, number, number, number];

export function moved({ strokes, width }: Paths, map: Move): Paths {
  const [xx, xy, x0, yx, yy, y0] = map.map(fround);
  return {
    strokes: strokes.map((points) => {
      const result = new Float32Array(points.length);
      for (let i = 0; i < points.length; i += 2) {
        const [x, y] = [points[i], points[i + 1]];
        result[i] = fround(fround(xx * x) + fround(xy * y)) + x0;
        result[i + 1] = fround(fround(yx * x) + fround(yy * y)) + y0;
      }
      return result;
    }),
    width,
  };
}

/** Where a glyph stands: its point in x-heights, and its angle, counter-clockwise. */
export interface Place {
  x: number;
  y: number;
  angle: number;
}

/** The strokes where they stand on a picture with an x-height of `xheight` px, in its px. */
export function placed(paths: Paths, { x, y, angle }: Place, frame: Frame, xheight: number): Paths {
  const k = xheight / frame.xheight;
  const [a, b] = [k * Math.cos(angle), k * Math.sin(angle)];
  const [centre, base] = [frame.size / 2, frame.baseline];
  const [left, top] = [x * xheight - a * centre - b * base, y * xheight + b * centre - a * base];
  return { ...moved(paths, [a, b, left, -b, a, top]), width: fround(paths.width * k) };
}

/** Box of the ink in px, or null where there is none. */
export function bounds({ strokes, width }: Paths): Box | null {
  const half = fround(0.5 * width);
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const points of strokes) {
    for (let i = 0; i < points.length; i += 2) {
      left = Math.min(left, points[i]);
      right = Math.max(right, points[i]);
      top = Math.min(top, points[i + 1]);
      bottom = Math.max(bottom, points[i + 1]);
    }
  }
  return right < left ? null : [fround(left - half), fround(top - half), fround(right + half), fround(bottom + half)];
}

/** The same lines through `up` times as many points: Catmull and Rom's spline (1974), uniform, ends mirrored. */
export function splined(paths: Paths, up: number): Paths {
  if (up <= 1) return paths;
  return { ...paths, strokes: paths.strokes.map((points) => finer(points, up)) };
}

function finer(points: Float32Array, up: number): Float32Array {
  const last = points.length / 2 - 1;
  const result = new Float32Array(2 * (last * up + 1));
  for (let axis = 0; axis < 2; axis++) {
    const at = (i: number) => points[2 * i + axis];
    for (let i = 0; i < last; i++) {
      const [p1, p2] = [at(i), at(i + 1)];
      const p0 = i ? at(i - 1) : fround(2 * p1 - p2);
      const p3 = i + 1 < last ? at(i + 2) : fround(2 * p2 - p1);
      const b = fround(p2 - p0);
      const c = fround(fround(fround(2 * p0 - fround(5 * p1)) + 4 * p2) - p3);
      const d = fround(fround(fround(fround(3 * p1) - p0) - fround(3 * p2)) + p3);
      for (let step = 0; step < up; step++) {
        const t = fround(step / up);
        const bent = fround(t * fround(b + fround(t * fround(c + fround(t * d)))));
        result[2 * (i * up + step) + axis] = 0.5 * fround(2 * p1 + bent);
      }
    }
    result[2 * last * up + axis] = at(last);
  }
  return result;
}

/** Every `step`-th point of each stroke, and its last. */
export function thinned(paths: Paths, step: number): Paths {
  const kept = (points: Float32Array) =>
    points.filter((_, i) => {
      const point = i >> 1;
      return point % step === 0 || 2 * point === points.length - 2;
    });
  return step <= 1 ? paths : { ...paths, strokes: paths.strokes.map(kept) };
}
