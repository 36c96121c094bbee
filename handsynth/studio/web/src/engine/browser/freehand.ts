/** Where the pen goes on strokes that recipes give as points: handsynth/ink/freehand.py. */

import type { Piece } from "./tables";

/** Points on each side of a line with corners. */
const SPLIT = 8;
/** Rounds of a filled shape lie so many widths of the pen apart. */
const OVERLAP = 0.75;

/** Points of a piece with a path, in x-heights; `pen`: the pen's width in x-heights. */
export function way({ path, corners, fill }: Piece, pen: number): [number, number][] {
  let points = path;
  if (corners) {
    const sides = points.slice(1).flatMap(([x, y], i) => {
      const [x0, y0] = points[i];
      return Array.from({ length: SPLIT }, (_, k): [number, number] => [
        x0 + (k / SPLIT) * (x - x0),
        y0 + (k / SPLIT) * (y - y0),
      ]);
    });
    points = [...sides, points[points.length - 1]];
  }
  if (!fill) return points;
  const middle = [0, 1].map((axis) => {
    const along = points.map((point) => point[axis]);
    return (Math.min(...along) + Math.max(...along)) / 2;
  });
  const reach = Math.max(...points.map(([x, y]) => Math.hypot(x - middle[0], y - middle[1])));
  const rounds = Math.max(1, Math.ceil(reach / Math.max(OVERLAP * pen, 0.02)));
  return Array.from({ length: rounds }, (_, i) => 1 - i / rounds).flatMap((share) =>
    points.map(([x, y]): [number, number] => [
      middle[0] + share * (x - middle[0]),
      middle[1] + share * (y - middle[1]),
    ]),
  );
}
