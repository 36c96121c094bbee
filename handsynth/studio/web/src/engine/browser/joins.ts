/** Joins: one stroke of the pen from a letter into the next. handsynth/layout/joins.py and ways.py. */

import { ARMED, falls, nearer } from "./arches";
import { base } from "./bases";
import { type Point, at, lastOf, unit } from "./directions";
import { type Ends, LEAVES, ROUND, bodiesFirst, ends } from "./ends";
import type { Frame } from "./frame";
import { type Joint, type Meeting, meet } from "./meeting";
import type { Paths, Place } from "./paths";
import type { Profile } from "./spacing";
import { besideStems } from "./stems";

/** Of each half of a join, the middle included. */
const POINTS = 7;
/** Points of joins lie on a grid of so many steps to a frame px. */
/** Points of a stroke that two joins leave at least. */
const REMAINING = 2;
const GRID = 1024;
const HANDLE = 0.33;
/** Share of the room of an upstroke that is left out that its letter comes nearer. */
/** And by how much at most, in x-heights. */
const [CLOSER, CLOSEST] = [0.6, 0.3];
/** How far joins come down after letters that are left high, and after all of them before the top of an ascender. */
const [LOWEST, ABOVE] = [{ o: 0.57 } as Record<string, number>, 0.5];
const [NEAREST, FURTHEST, WIDER] = [0.04, 2.2, 0.4];
const [STEEP, STEEPER] = [0.15, 0.5];
/** From a tail that ends leftwards the pen swings round to what lies so steeply above, with longer handles. */
const [SWING, LOOP] = [0.8, 0.5];
/** Letters whose stems have a loop where they are entered above so many x-heights, which closes with so much of a rise. */
const [LOOPED, TALL, EYE] = ["bhkl", 1.6, 0.3];
const CUSP = -0.15;

export function joint(paths: Paths, frame: Frame, text: string): Joint {
  const penned = bodiesFirst(paths, frame, text);
  return { paths: penned, ends: ends(penned, frame, text) };
}

/** The distance of two letters `edges`, which are `texts`, that are to be joined: with room for the join. */
export function spread(
  step: number,
  before: Joint,
  after: Joint,
  frame: Frame,
  texts: string[],
  edges: Profile[],
): number {
  const meeting = meet(before, after, frame);
  const { xheight: k, baseline } = frame;
  const least = needed((meeting.exit[1] - meeting.entry[1]) / k, (baseline - meeting.entry[1]) / k);
  const ahead = (meeting.exit[0] - meeting.entry[0]) / k + least;
  if (!able(before.ends, after.ends, frame)) return step;
  if (falls(meeting, texts, frame)) return step + nearer(step, edges, frame);
  if (!(ahead - step < WIDER)) return step;
  const apart = Math.max(ahead, besideStems(meeting, texts, edges, frame));
  const wanted = Math.min(Math.max(apart - step, 0), WIDER);
  const left = meeting.entry[0] - meeting.bar - after.ends.entry[0] + before.ends.exit[0] - meeting.exit[0];
  const free = Math.min((CLOSER * left) / k, CLOSEST);
  const spare = step - ahead - NEAREST;
  return step + (wanted - (free > 0 ? Math.max(Math.min(free, spare), 0) : 0));
}

/**
 * The letters `paths`, those that are `tied` to the next one joined to it where their forms allow it; and which stroke
 * of each runs on into the next one's first, -1 for none.
 */
export function joined(
  paths: (Paths | null)[],
  places: Place[],
  texts: string[],
  tied: boolean[],
  frame: Frame,
): { grown: (Paths | null)[]; ties: number[] } {
  const penned = paths.map((some, i) => some && bodiesFirst(some, frame, texts[i]));
  const joints = penned.map((some, i) =>
    some && (tied[i] || tied[i - 1]) && some.strokes.length ? joint(some, frame, texts[i]) : null,
  );
  const grown = penned.map((some) => some && { ...some, strokes: [...some.strokes] });
  const ties = paths.map(() => -1);
  const less = paths.map(() => ({ skipped: 0, cut: 0, lead: [] as number[], tail: [] as number[] }));
  tied.forEach((wanted, i) => {
    const [one, other] = [joints[i], joints[i + 1] ?? null];
    if (!wanted || !one || !other || !able(one.ends, other.ends, frame)) return;
    const meeting = meet(one, other, frame);
    if (falls(meeting, texts.slice(i, i + 2), frame)) return;
    const curve = between(meeting, places[i], places[i + 1], texts.slice(i, i + 2), frame);
    if (!curve) return;
    const final = one.paths.strokes[one.ends.stroke];
    // of a letter of one stroke that loses both its ends to joins something must be left
    const lost = one.ends.stroke === 0 ? less[i].skipped : 0;
    if (lost && lost + meeting.cut > lastOf(final) + 1 - REMAINING) return;
    const back = Array.from({ length: one.ends.returns }, (_, n) => at(final, lastOf(final) - n - 1));
    const tail = [...back, ...curve.slice(1, POINTS).map((point) => unplaced(point, places[i], frame))];
    const lead = curve.slice(POINTS - 1, -1).map((point) => unplaced(point, places[i + 1], frame));
    const first = other.paths.strokes[0];
    for (let back = other.ends.retraced; back > 0; back--) lead.push([first[2 * back], first[2 * back + 1]]);
    ties[i] = one.ends.stroke;
    Object.assign(less[i], { cut: meeting.cut, tail: tail.flat() });
    Object.assign(less[i + 1], { skipped: meeting.skipped, lead: lead.flat() });
  });
  less.forEach(({ skipped, cut, lead, tail }, i) => {
    const some = grown[i];
    if (!some || !(lead.length || tail.length)) return;
    const left = joints[i]!.ends.stroke;
    if (tail.length) some.strokes[left] = whole(some.strokes[left].subarray(0, 2 * (lastOf(some.strokes[left]) + 1 - cut)), tail);
    if (lead.length) some.strokes[0] = whole(lead, some.strokes[0].subarray(2 * skipped));
  });
  return { grown, ties };
}

function whole(...parts: ArrayLike<number>[]): Float32Array {
  return Float32Array.from(parts.flatMap((part) => Array.from(part)));
}

/** Points of the cubic between two letters on the sheet, in x-heights; null where it would be too long or too steep. */
function between(meeting: Meeting, one: Place, other: Place, texts: string[], frame: Frame): Point[] | null {
  const [begin, out] = [placed(meeting.exit, one, frame), turned(meeting.out, one)];
  const [end, into] = [placed(meeting.entry, other, frame), turned(meeting.into, other)];
  const chord: Point = [end[0] - begin[0], end[1] - begin[1]];
  if (!(chord[0] < FURTHEST && chord[0] > 0.7 * needed(-chord[1], other.y - end[1]))) return null;
  const length = Math.hypot(...chord);
  const along: Point = [chord[0] / Math.max(length, 1e-9), chord[1] / Math.max(length, 1e-9)];
  const dot = (a: Point, b: Point) => a[0] * b[0] + a[1] * b[1];
  // where a letter goes on against the join's way, the pen turns on the spot
  const swings = out[0] < 0 && chord[1] < -SWING * Math.max(chord[0], 0.3);
  const turns = dot(out, along) < CUSP && !swings;
  const leave = turns ? unit([along[0] + 0.5 * out[0], along[1] + 0.5 * out[1]]) : out;
  const arrive = arriving(into, along, LOOPED.includes(base(texts[1])) && other.y - end[1] > TALL);
  const [g, h] = [(swings ? LOOP : HANDLE) * length, HANDLE * length];
  const handles: [Point, Point] = [
    [begin[0] + g * leave[0], begin[1] + g * leave[1]],
    [end[0] - h * arrive[0], end[1] - h * arrive[1]],
  ];
  // at the middle of a cubic its ends weigh an eighth each
  const down = (one.y - lowest(base(texts[0]), one.y - begin[1], other.y - end[1]) - (begin[1] + end[1]) / 8) / 0.75;
  for (const handle of handles) handle[1] = Math.max(handle[1], down);
  return Array.from({ length: 2 * POINTS - 1 }, (_, i): Point => {
    const t = i / (2 * POINTS - 2);
    const s = 1 - t;
    const mixed = (axis: 0 | 1) =>
      s ** 3 * begin[axis] +
      3 * s * s * t * handles[0][axis] +
      3 * s * t * t * handles[1][axis] +
      t ** 3 * end[axis];
    return [mixed(0), mixed(1)];
  });
}

/** The direction in which a join along `along` comes to a letter that goes on `into`; `tall`: from its right. */
function arriving(into: Point, along: Point, tall: boolean): Point {
  if (!(into[0] * along[0] + into[1] * along[1] < CUSP)) return into;
  if (tall) return unit([-into[1] - EYE * into[0], into[0] - EYE * into[1]]);
  return unit([along[0] - 0.8 * into[0], along[1] - 0.8 * into[1]]);
}

/** Height over the baseline that a join between two heights comes down to after a letter; Infinity: as it does. */
function lowest(char: string, begin: number, end: number): number {
  if (!(begin > ROUND)) return Infinity;
  return Math.min(LOWEST[char] ?? Infinity, end > LEAVES[1] && !ARMED.includes(char) ? ABOVE : Infinity);
}

/** How far to the right joins go at least that rise by so much to a `height`, in x-heights. */
function needed(rise: number, height: number): number {
  const tall = rise > 0 ? Math.max(height - 1, 0) : 0;
  return Math.max(NEAREST, STEEP * Math.max(rise, 0) + STEEPER * tall);
}

function able(from: Ends, to: Ends, { baseline, xheight: k }: Frame): boolean {
  const high = baseline - from.exit[1] > ROUND * k;
  return from.leaves && to.enters && !(high ? to.slopes : to.pointed);
}

function placed([x, y]: Point, { x: left, y: down, angle }: Place, { size, baseline, xheight }: Frame): Point {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [u, v] = [(x - size / 2) / xheight, (y - baseline) / xheight];
  return [left + u * cos + v * sin, down - u * sin + v * cos];
}

function turned([x, y]: Point, { angle }: Place): Point {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return unit([x * cos + y * sin, y * cos - x * sin]);
}

function unplaced([x, y]: Point, { x: left, y: down, angle }: Place, { size, baseline, xheight }: Frame): Point {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [u, v] = [x - left, y - down];
  const [column, row] = [(u * cos - v * sin) * xheight + size / 2, (u * sin + v * cos) * xheight + baseline];
  return [Math.round(column * GRID) / GRID, Math.round(row * GRID) / GRID];
}
