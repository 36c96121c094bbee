/** Where the pen leaves one letter and enters the next: handsynth/layout/meeting.py. */

import { type Point, REACH, at, lastOf, way } from "./directions";
import type { Ends } from "./ends";
import type { Frame } from "./frame";
import type { Paths } from "./paths";

/** Upstrokes are left out up to where the pen comes from, and LIFT more, but no further than to RISEN. */
const [RISEN, LIFT] = [0.95, 0.06];
/** A low bar that a letter begins with, as an e: how steep it may be, how low it begins, how much of it is left out. */
const [FLAT, LOW_BAR, BAR] = [0.7, 0.62, 0.3];
/** An upstroke is outside its letter where it is left of what lies so near to its height. */
const BESIDE = 0.09;

/** A letter that may be joined. */
export interface Joint {
  paths: Paths;
  ends: Ends;
}

export interface Meeting {
  exit: Point;
  out: Point;
  /** How many points the stroke that is left loses at its end. */
  cut: number;
  entry: Point;
  into: Point;
  /** How many points the stroke that is entered loses at its beginning. */
  skipped: number;
  /** How far to the right the letter is entered for a bar that is left out. */
  bar: number;
}

export function meet(before: Joint, after: Joint, { xheight: k, baseline }: Frame): Meeting {
  const [from, to] = [before.ends, after.ends];
  const left = Math.max(from.exit[1], baseline - RISEN * k) - LIFT * k;
  const entered = after.paths.strokes[0];
  const skipped = risen(to, entered, left, k);
  const entry = skipped ? at(entered, skipped) : to.entry;
  const into = skipped ? way(entered, skipped, lastOf(entered), REACH * k, 1) : to.into;
  const final = before.paths.strokes[from.stroke];
  const tail = skipped > 0 && from.exit[1] > baseline - (RISEN + LIFT) * k && !from.returns && !from.arms;
  const back = tail ? shortened(final, entry[1] + LIFT * k) : lastOf(final);
  const cut = lastOf(final) - back;
  const out = cut ? way(final, back, 0, REACH * k, -1) : from.out;
  const exit = cut ? at(final, back) : from.exit;
  const far = !skipped && exit[1] > to.entry[1] - 2 * LIFT * k ? barred(entered, to.entry, k, baseline) : 0;
  if (!far) return { exit, out, cut, entry, into, skipped, bar: 0 };
  const further = at(entered, far);
  const ahead = way(entered, far, lastOf(entered), REACH * k, 1);
  return { exit, out, cut, entry: further, into: ahead, skipped: far, bar: further[0] - entry[0] };
}

/** At which point a letter is entered that begins with a low bar; 0: at its beginning. */
function barred(points: Float32Array, entry: Point, k: number, baseline: number): number {
  const [last, [x, y]] = [lastOf(points), at(points, 0)];
  if (entry[1] <= baseline - LOW_BAR * k || entry[0] !== x || entry[1] !== y) return 0;
  let i = 0;
  for (let n = 0; n < 24; n++) {
    const ahead = at(points, Math.min(i + 1, last));
    const [right, down] = [ahead[0] - x, ahead[1] - y];
    if (Math.abs(down) < FLAT * right + LIFT * k && right < BAR * k && i + 3 < last) i++;
    else break;
  }
  return at(points, i)[0] > x + LIFT * k ? i : 0;
}

/** At which point the upstroke has come to `height`, no further than it lies outside its letter; 0: there is none. */
function risen({ rises, entry }: Ends, points: Float32Array, height: number, k: number): number {
  if (rises < 0 || entry[1] <= height + LIFT * k) return 0;
  const last = lastOf(points);
  let top = rises;
  for (let n = 0; n < 60; n++) {
    if (points[2 * Math.min(top + 1, last) + 1] < points[2 * top + 1] && top + 1 < last) top++;
  }
  let i = rises;
  for (let n = 0; n < 40; n++) {
    const ahead = at(points, Math.min(i + 1, last));
    let limit = Infinity;
    for (let b = top + 1; b <= last; b++) {
      if (Math.abs(points[2 * b + 1] - ahead[1]) < BESIDE * k) limit = Math.min(limit, points[2 * b]);
    }
    const goes = ahead[1] < points[2 * i + 1] && ahead[0] < limit;
    if (points[2 * i + 1] > height && goes && i + 2 < last) i++;
  }
  return i;
}

/** The last point of a tail that ends no higher than `height`. */
function shortened(points: Float32Array, height: number): number {
  let back = lastOf(points);
  for (let n = 0; n < 40; n++) {
    const [earlier, here] = [at(points, Math.max(back - 1, 0)), at(points, back)];
    const falls = earlier[1] > here[1] && earlier[0] < here[0];
    if (here[1] < height && falls && back - 3 > 0) back--;
  }
  return back;
}
