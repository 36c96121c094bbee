/** When a pen is where, at a person's speed: handsynth/formats/timing.py, and dynamics.py of handsynth/ink. */

/** x-heights a second: on paper where the curvature is usual, and above it. */
const [PACE, AIR] = [12, 22];
/** Seconds that the pen stays for a dot, and at least for any stroke. */
const DOT = 0.06;
/** Seconds of rest before the next stroke: of the same word, of another, on another line. */
const [LIFT, WORD, LINE] = [0.05, 0.16, 0.35];
/** Curvature per x-height where the speed is 1, and what still counts as straight. */
const [USUAL, STRAIGHT] = [2, 0.3];
const SMOOTHED = 3;

/** A stroke of the pen on the sheet: x and y in turn, in x-heights. */
export interface Written {
  points: ArrayLike<number>;
  line: number;
  word: number;
}

/** Milliseconds from the beginning at each point of each stroke. */
export function timed(strokes: Written[]): number[][] {
  let clock = 0;
  return strokes.map((stroke, i) => {
    const before = strokes[i - 1];
    if (before) {
      const [x, y] = [stroke.points[0], stroke.points[1]];
      const end = before.points.length;
      const air = Math.hypot(x - before.points[end - 2], y - before.points[end - 1]);
      const rest = stroke.line !== before.line ? LINE : stroke.word !== before.word ? WORD : LIFT;
      clock += rest + Math.min(air, 10) / AIR;
    }
    const found = along(stroke.points).map((seconds) => clock + seconds);
    clock = found[found.length - 1] + (found.length === 1 ? DOT : 0);
    return found.map((seconds) => Math.round(seconds * 1000));
  });
}

/** Seconds from a stroke's beginning. */
function along(points: ArrayLike<number>): number[] {
  const count = points.length / 2;
  if (count < 2) return [0];
  const fast = speed(points, count);
  const found = [0];
  for (let i = 1; i < count; i++) found.push(found[i - 1] + (2 * step(points, i - 1, i)) / (PACE * (fast[i] + fast[i - 1])));
  return found[count - 1] < DOT ? found.map((_, i) => (DOT * i) / (count - 1)) : found;
}

function step(points: ArrayLike<number>, i: number, j: number): number {
  return Math.hypot(points[2 * j] - points[2 * i], points[2 * j + 1] - points[2 * i + 1]);
}

/** The two-thirds power law (Lacquaniti, Terzuolo, Viviani, 1983; Viviani and Schneider, 1991). */
function speed(points: ArrayLike<number>, count: number): number[] {
  const bend = Array.from({ length: count }, (_, i) => curvature(points, Math.min(Math.max(i, 1), count - 2), count));
  let fast = bend.map((value) => Math.cbrt((USUAL + STRAIGHT) / (value + STRAIGHT)));
  for (let n = 0; n < SMOOTHED; n++) {
    fast = fast.map((value, i) => ((fast[i - 1] ?? value) + 2 * value + (fast[i + 1] ?? value)) / 4);
  }
  return fast;
}

/** Of the circle through point i and its neighbours (Menger); where a stroke goes back on itself it is small. */
function curvature(points: ArrayLike<number>, i: number, count: number): number {
  if (count < 3) return 0;
  const [a, b] = [step(points, i - 1, i), step(points, i, i + 1)];
  const way = (from: number, axis: number) => points[2 * from + 2 + axis] - points[2 * from + axis];
  const turn = Math.abs(way(i - 1, 0) * way(i, 1) - way(i - 1, 1) * way(i, 0));
  const inner = (2 * turn) / Math.max(a * b * step(points, i - 1, i + 1), 1e-9);
  const back = way(i - 1, 0) * way(i, 0) + way(i - 1, 1) * way(i, 1) < 0;
  return back ? Math.max(inner, 2 / Math.max(a + b, 1e-9)) : inner;
}
