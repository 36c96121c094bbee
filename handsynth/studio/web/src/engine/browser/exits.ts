/** How letters are left whose pen ends at their left: handsynth/layout/exits.py. */

import { REACH, at, lastOf, unit, way } from "./directions";
import type { Ends } from "./ends";
import type { Frame } from "./frame";

/** Letters of which the pen may go back to the lowest point of their last curve, or to its highest. */
const [BOTTOMS, TOPS] = ["sbp", "o"];
/** Letters whose bowl is left along its bottom where it ends so near to the baseline. */
const [BOWLS, BOTTOM] = ["bp", 0.3] as const;
const [LOWEST, HIGHEST] = [
  [-0.3, 0.55],
  [0.4, 1.25],
];
/** So far from its end a stroke may go anywhere, x-heights. */
const HOOKED = 0.12;
/** Heights at which an f of one stroke may end at its stem. */
const KNOT = [0.1, 1.1];
/** The pen goes back until the way to the right is as steep as this. */
const FLAT = 0.5;
/** Heights at which a bar may end that the next letter is joined to, and how far it goes to the right. */
const [BARS, BAR] = [[0.3, 1.35], 0.2] as const;
/** An x is left where its first stroke ends, below this. */
const FOOT = 0.4;

/** Lets a letter be left that ends at its left: what changes of its ends. */
export function otherExit(some: Ends, strokes: Float32Array[], frame: Frame, char: string): Partial<Ends> {
  const { xheight: k, baseline } = frame;
  if (BOTTOMS.includes(char) || TOPS.includes(char)) {
    const found = back(strokes[some.stroke], frame, TOPS.includes(char));
    const bowl = BOWLS.includes(char) && Math.abs((baseline - (found.exit ?? some.exit)[1]) / k) < BOTTOM;
    return bowl ? { ...found, leaves: true } : found;
  }
  const left = (stroke: number): Partial<Ends> => {
    const points = strokes[stroke];
    const last = lastOf(points);
    return { stroke, exit: at(points, last), out: way(points, last, 0, REACH * k, -1), leaves: true };
  };
  if (char === "f" && strokes.length === 1) {
    // its bar is what its loop ends with
    const height = (baseline - some.exit[1]) / k;
    return { leaves: height > KNOT[0] && height < KNOT[1] };
  }
  if (char === "f" && strokes.length - 1 > some.stroke) {
    const [bar, stem] = [strokes[strokes.length - 1], strokes[strokes.length - 2]];
    const [x, y] = at(bar, lastOf(bar));
    let right = -Infinity;
    for (let i = 0; i < stem.length; i += 2) if (Math.abs(stem[i + 1] - y) < BAR * k) right = Math.max(right, stem[i]);
    const height = (baseline - y) / k;
    if (height > BARS[0] && height < BARS[1] && x - bar[0] > BAR * k && x > right && right > -Infinity) return left(strokes.length - 1);
  }
  if (char === "x" && some.stroke === 1) {
    const [x, y] = at(strokes[0], lastOf(strokes[0]));
    if ((baseline - y) / k < FOOT && x > strokes[0][0]) return left(0);
  }
  return {};
}

/** The lowest point of the curve that a letter ends with, or the highest. */
function back(points: Float32Array, { xheight: k, baseline }: Frame, top: boolean): Partial<Ends> {
  const end = lastOf(points);
  let i = end;
  for (let n = 0; n < 6 && i > 0; n++) {
    const [[x, y], [u, v]] = [at(points, end), at(points, i - 1)];
    if (!(Math.hypot(u - x, v - y) < HOOKED * k)) break; // a hook at the very end
    i--;
  }
  for (let n = 0; n < 24 && i - 1 > 0; n++) {
    const [[x, y], [u, v]] = [at(points, i), at(points, i - 1)];
    const [ahead, onSide] = [u - x, top ? y - v : v - y];
    if (!(onSide > 0 || (ahead > 0 && -onSide <= FLAT * ahead))) break;
    i--;
  }
  const [least, most] = top ? HIGHEST : LOWEST;
  const height = (baseline - points[2 * i + 1]) / k;
  const [before, after] = [at(points, Math.max(i - 1, 0)), at(points, Math.min(i + 1, end))];
  const out = unit([before[0] - after[0], before[1] - after[1]]);
  if (!(i < end && height > least && height < most && out[0] > 0)) return {};
  return { exit: at(points, i), out, leaves: true, returns: end - i };
}
