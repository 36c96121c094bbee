/** Points and directions of strokes: handsynth/layout/directions.py. */

export type Point = [number, number];

/** The direction of an end is that of so much of its stroke, in x-heights. */
export const REACH = 0.2;

export function at(points: Float32Array, i: number): Point {
  return [points[2 * i], points[2 * i + 1]];
}

export function unit([x, y]: Point): Point {
  const length = Math.max(Math.hypot(x, y), 1e-9);
  return [x / length, y / length];
}

export function lastOf(points: Float32Array): number {
  return points.length / 2 - 1;
}

/** The direction along a stroke at point `end`; `step` 1: into the stroke, up to `other`, -1: out of it. */
export function way(points: Float32Array, end: number, other: number, reach: number, step: 1 | -1): Point {
  const [x, y] = at(points, end);
  let i = end;
  for (let n = 0; n < 24; n++) {
    if (i !== other && Math.hypot(points[2 * i] - x, points[2 * i + 1] - y) < reach) i += step;
  }
  const found: Point = [(points[2 * i] - x) * step, (points[2 * i + 1] - y) * step];
  const length = Math.hypot(...found);
  return length > 1e-6 ? [found[0] / length, found[1] / length] : [1, 0];
}
