/** Where letters can be entered and left by a pen that joins them: handsynth/layout/ends.py. */

import { base } from "./bases";
import { type Point, REACH, at, lastOf, way } from "./directions";
import { otherEntry, overTheTop } from "./entries";
import { otherExit } from "./exits";
import type { Frame } from "./frame";
import type { Paths } from "./paths";

/** A stroke as high as this is a letter's body; of a letter without such strokes the highest one, from SMALL on. */
const [BIG, SMALL] = [0.42, 0.22];
/** Heights over the baseline at which a letter may be left and entered. */
export const LEAVES = [-1.3, 1.25] as const;
const ENTERS = [-0.25, 2.3] as const;
/** A letter that begins below this and goes up begins with an upstroke, which may go down by DIP first. */
const [LOW, DIP] = [0.6, 0.18];
/** Tails that end below this swing up to the next letter, wherever they end; those of some letters up to HOOK. */
const [TAIL, TAILED, HOOK] = [-0.3, "gjy", 0.25] as const;
/** A tail that ends so steeply downwards is straight, and the pen is lifted there. */
const HANGS = 0.3;
/** Letters that end with an arm, pointed where they begin so steeply downwards; those that may lack their last stem. */
const [ARMED, POINTED, OPEN] = ["vw", 0.5, "u"] as const;
/** A letter whose first stroke ends above or below its beginning is half a bowl, which a join from below would close. */
const [CURLED, ACROSS] = ["x", 0.25] as const;
/** An end is at a letter's right among what lies so near to its height; what is so narrow has no sides. */
const [BAND, NARROW] = [0.2, 0.3];
const ASCENDERS = "bhklt";
/** How often letters with legs go down, beside an upstroke: by DOWN, after going up by UP. */
const DOWNSTROKES: Record<string, number> = { m: 3, n: 2, r: 1 };
const [DOWN, UP] = [0.35, 0.2];
/** A letter that is left above this is left high; one that begins leftwards above OVER is entered over its top. */
export const ROUND = 0.5;
const OVER = 0.35;

/** Where a pen may come from and go on in a glyph. Points and unit directions in frame px, y down. */
export interface Ends {
  entry: Point;
  into: Point;
  enters: boolean;
  /** After how many points of the first stroke it is entered over its top. */
  retraced: number;
  /** At which of those points an upstroke begins; -1: there is none. */
  rises: number;
  /** Whether a pen from above would spoil its beginning: the upstroke of an s, the top of an x. */
  slopes: boolean;
  exit: Point;
  out: Point;
  leaves: boolean;
  /** Which stroke is left. */
  stroke: number;
  /** Over how many of its last points the pen goes back to where it leaves the letter. */
  returns: number;
  /** Whether it ends with an arm that goes up to its top, as a v, which is no tail. */
  arms: boolean;
  /** Whether a join from below would make it another letter: a v that begins with a point a w, a curled x an a. */
  pointed: boolean;
}

const NOWHERE: Ends = {
  entry: [0, 0], into: [1, 0], enters: false, retraced: 0, rises: -1, slopes: false, exit: [0, 0], out: [1, 0], leaves: false, stroke: 0,
  returns: 0, arms: false, pointed: false,
}; // prettier-ignore

/** Which stroke is the last of a glyph's body, before dots, bars and marks. */
export function lastBody({ strokes }: Paths, { xheight: k }: Frame): number {
  return Math.max(bodies(strokes, k).lastIndexOf(true), 0);
}

/** The bars and dots that a letter begins with at its end: who joins writes those afterwards. */
export function bodiesFirst<P extends Paths>(paths: P, { xheight: k }: Frame, text: string): P {
  const first = bodies(paths.strokes, k).indexOf(true);
  if (first < 1 || !/^\p{L}/u.test(text)) return paths;
  return { ...paths, strokes: [...paths.strokes.slice(first), ...paths.strokes.slice(0, first)] };
}

/** Which strokes are of a letter's body. */
function bodies(strokes: Float32Array[], k: number): boolean[] {
  const high = strokes.map((points) => {
    let [top, bottom] = [Infinity, -Infinity];
    for (let p = 1; p < points.length; p += 2) [top, bottom] = [Math.min(top, points[p]), Math.max(bottom, points[p])];
    return Math.fround(bottom - top);
  });
  const least = Math.min(Math.max(Math.max(0, ...high) - 1e-3, SMALL * k), BIG * k);
  return high.map((value) => value > least);
}

export function ends({ strokes }: Paths, frame: Frame, whole: string): Ends {
  const { xheight: k, baseline } = frame;
  const text = base(whole);
  const big = bodies(strokes, k);
  const boxes = strokes.map((points, n) => {
    let [left, right, bottom] = [Infinity, -Infinity, -Infinity];
    for (let i = 0; i < points.length; i += 2) {
      [left, right] = [Math.min(left, points[i]), Math.max(right, points[i])];
      bottom = Math.max(bottom, points[i + 1]);
    }
    return { left, right, bottom, big: big[n] };
  });
  const stroke = big.lastIndexOf(true);
  if (stroke < 0) return NOWHERE;
  const body = boxes.filter((box) => box.big);
  const left = Math.min(...body.map((box) => box.left));
  const wide = Math.max(...body.map((box) => box.right)) - left;
  const [first, final] = [strokes[0], strokes[stroke]];
  let entry = at(first, 0);
  let into = way(first, 0, lastOf(first), REACH * k, 1);
  const exit = at(final, lastOf(final));
  const out = way(final, lastOf(final), 0, REACH * k, -1);
  const [entered, leftAt] = [(baseline - entry[1]) / k, (baseline - exit[1]) / k];
  let [retraced, rises] = [0, -1];
  if (into[0] < 0 && entered > OVER && entered < LEAVES[1]) {
    ({ retraced, entry, into } = overTheTop(first, k));
  }
  if (entered < LOW) rises = upstroke(first, k);
  if (rises >= 0 && text in DOWNSTROKES && downstrokes(first, rises, k) < DOWNSTROKES[text]) rises = -1;
  const high = leftAt > ROUND;
  const tall = entered > LEAVES[1];
  const enters =
    boxes[0].big && entry[0] <= left + (tall ? 0.45 : 0.6) * wide && entered > ENTERS[0] && entered < ENTERS[1];
  const lowest = Math.max(...body.map((box) => box.bottom));
  const tail = leftAt < TAIL || (TAILED.includes(text[0]) && leftAt < HOOK && (baseline - lowest) / k < TAIL);
  const written = strokes.filter((_, i) => boxes[i].big);
  const { right, thin } = rightmost(exit, written, k, high ? 0.35 : 0.5);
  const free =
    (tail || right) &&
    leftAt > LEAVES[0] &&
    leftAt < LEAVES[1] &&
    (out[0] > -0.5 || high || tail || thin);
  const straight = leftAt < TAIL && out[1] > HANGS;
  const open = OPEN.includes(text[0]) && high;
  const leaves = free && !straight && !open && (text[0] !== "f" || tail || exit[0] >= left + 0.5 * wide);
  const arms = ARMED.includes(text[0]);
  const curled = CURLED.includes(text[0]) && Math.abs(at(first, lastOf(first))[0] - at(first, 0)[0]) / k < ACROSS;
  const found: Ends = {
    entry, into, enters: enters && (!tall || ASCENDERS.includes(text[0])), retraced, rises, exit, out, leaves, stroke,
    slopes: (text[0] === "s" && rises >= 0) || (text[0] === "x" && entered > ROUND), returns: 0, arms,
    pointed: (arms && into[1] > POINTED) || curled,
  }; // prettier-ignore
  if (!found.enters && boxes[0].big) Object.assign(found, otherEntry(found, first, written, frame, text[0]));
  if (!found.leaves) Object.assign(found, otherExit(found, strokes, frame, text[0]));
  return found;
}

/** Whether an exit is at the right of what of its letter lies at its height, and whether that is thin. */
function rightmost([x, y]: Point, bodies: Float32Array[], k: number, share: number): { right: boolean; thin: boolean } {
  let [left, right] = [Infinity, -Infinity];
  for (const points of bodies) {
    for (let i = 0; i < points.length; i += 2) {
      if (Math.abs(points[i + 1] - y) < BAND * k) {
        [left, right] = [Math.min(left, points[i]), Math.max(right, points[i])];
      }
    }
  }
  const thin = right - left < NARROW * k;
  return { right: x >= left + share * (right - left) || thin, thin };
}

function upstroke(points: Float32Array, k: number): number {
  const limit = points[1] + DIP * k;
  let i = 0;
  for (let n = 0; n < 24; n++) {
    const [[x, y], [u, v]] = [at(points, i), at(points, Math.min(i + 1, lastOf(points)))];
    if (v - y > 0 && u - x > -0.5 * (v - y) && y < limit) i++;
  }
  const rising = way(points, i, lastOf(points), REACH * k, 1)[1] < -0.1;
  return rising && points[2 * i + 1] < limit ? i : -1;
}

function downstrokes(points: Float32Array, from: number, k: number): number {
  let [count, falling] = [0, false];
  const rows = points.subarray(2 * from).filter((_, i) => i % 2 === 1);
  const unit = Math.min(rows.reduce((a, b) => Math.max(a, b)) - rows.reduce((a, b) => Math.min(a, b)), k);
  let peak = points[2 * from + 1] / unit;
  let valley = peak;
  for (let i = from; i <= lastOf(points); i++) {
    const height = points[2 * i + 1] / unit;
    if (falling) valley = Math.max(valley, height);
    else peak = Math.min(peak, height);
    if (!falling && height - peak > DOWN) [count, falling, valley] = [count + 1, true, height];
    else if (falling && valley - height > UP) [falling, peak] = [false, height];
  }
  return count;
}
