/** Strokes of a character from those of its pieces, and the box for what is missing: handsynth/ink/pencompose.py. */

import { type Strokes, isPlain, limits, stretch, target } from "./compose";
import { type Box, type Frame, about } from "./frame";
import { way } from "./freehand";
import { type Move, type Paths, bounds, moved, splined } from "./paths";
import type { Piece } from "./tables";

/** How far marks may leave the frame, in x-heights. */
const BEYOND = 0.4;
/** Most wobble and lean of a free stroke. */
const [SHAKEN, STEEPEST] = [0.05, 0.7];
/** A stroke that stays above this share of the height at which a letter is cut is its dot. */
const DOT = 0.65;
/** A stroke that is alone and reaches no more than so much above that height has no dot, but is a tall stem. */
const DOTLESS = 0.2;
/** Points on a side of the box: those on the way keep the spline from rounding its corners. */
const SIDE = 9;

/** Strokes of a character from the strokes of its pieces; the pen keeps its width. */
export function compose(pieces: Piece[], drawn: Paths[], frame: Frame): Paths {
  if (isPlain(pieces)) return drawn[0];
  let whole: Paths = { strokes: [], width: drawn[0].width };
  let base = whole;
  pieces.forEach((piece, i) => {
    if (!piece.joined) base = whole;
    let one = piece.path.length ? free(piece, drawn[i], frame) : drawn[i];
    if (piece.cut !== null) one = cut(one, piece.cut, frame);
    whole = { ...whole, strokes: [...whole.strokes, ...placed(piece, one, base, frame).strokes] };
  });
  return whole;
}

/** An empty box drawn by hand; `jitter` is 8 numbers in [0, 1) that move its corners. */
export function missingBox(frame: Frame, jitter: ArrayLike<number>, width: number): Paths {
  const [height, half] = [1.45, 0.45];
  const shaken = (i: number) => (jitter[i] - 0.5) * 0.16;
  const corners = [
    [-half + shaken(0), height + shaken(1)],
    [-half + shaken(2), shaken(3)],
    [half + shaken(4), shaken(5)],
    [half + shaken(6), height + shaken(7)],
    [-half - 0.5 * shaken(0), height - 0.5 * shaken(1)],
  ];
  const strokes = corners.slice(1).map((end, side) => {
    const start = corners[side];
    return Float32Array.from({ length: 2 * SIDE }, (_, i) => {
      const [axis, share] = [i % 2, (i >> 1) / (SIDE - 1)];
      const place = start[axis] + share * (end[axis] - start[axis]);
      return axis ? frame.baseline - place * frame.xheight : frame.size / 2 + place * frame.xheight;
    });
  });
  return { strokes, width };
}

function placed(piece: Piece, one: Paths, base: Paths, frame: Frame): Paths {
  if (piece.anchor === "frame") return moved(one, turn(piece, frame, piece.dx, piece.dy));
  // a mark or part: turned and sized, then carried by the middle of its box
  const turned = moved(one, turn(piece, frame, 0, 0));
  const ink = upright(base, frame);
  const pen = one.strokes.length ? one.width / frame.xheight : 0;
  const [x, y] = stretch(piece, upright(turned, frame), ink, pen);
  const sized = moved(turned, [x, 0, (frame.size / 2) * (1 - x), 0, y, frame.baseline * (1 - y)]);
  const own = upright(sized, frame);
  const strokes: Strokes = (low, high) => between(base, frame, low, high);
  const [across, up] = target(piece, own, ink, strokes, limits(frame, BEYOND));
  const [left, top, right, bottom] = own;
  const [dx, dy] = [across - (left + right) / 2, (top + bottom) / 2 - up];
  return moved(sized, [1, 0, dx * frame.xheight, 0, 1, dy * frame.xheight]);
}

/** A stroke along the piece's path, with the pen, the lean and the wobble of the longest stroke of `drawn`. */
function free(piece: Piece, drawn: Paths, { size, baseline, xheight }: Frame): Paths {
  const { strokes, width } = drawn;
  if (!strokes.length) return drawn;
  const stem = strokes.reduce((one, other) => (other.length > one.length ? other : one));
  const last = stem.length / 2 - 1;
  const [dx, dy] = [stem[2 * last] - stem[0], stem[2 * last + 1] - stem[1]];
  const lean = dy ? clamped((-dx / dy) * Math.min(1, Math.abs(dy) / xheight), STEEPEST) : 0;
  // how far to the right of the straight line, at a share of the way
  const wobble = (share: number) => {
    const at = Math.min(last - 1, Math.floor(share * last));
    if (at < 0) return 0;
    const [one, other] = [at, at + 1].map((i) => (stem[2 * i] - (stem[0] + (i / last) * dx)) / xheight);
    return clamped(one + (share * last - at) * (other - one), SHAKEN);
  };
  const path = way(piece, width / xheight);
  const points = path.flatMap(([x, y], i) => {
    const share = i / (path.length - 1);
    const up = y + wobble(1 - share);
    return [size / 2 + (x + wobble(share) + lean * up) * xheight, baseline - up * xheight];
  });
  const rough = { strokes: [Float32Array.from(points)], width };
  return piece.corners ? rough : splined(rough, 4);
}

function clamped(value: number, most: number): number {
  return Math.min(most, Math.max(-most, value));
}

/** Leftmost and rightmost of the strokes between two heights. */
function between({ strokes }: Paths, { size, baseline, xheight }: Frame, low: number, high: number): [number, number] {
  const found: number[] = [];
  const levels = [low - 0.03, high + 0.03];
  for (const points of strokes) {
    const up = (i: number) => (baseline - points[i + 1]) / xheight;
    for (let i = 0; i < points.length; i += 2) {
      if (up(i) >= levels[0] && up(i) <= levels[1]) found.push(points[i]);
      if (i + 2 >= points.length) continue;
      // points may stand far apart: also where the lines between them cross either height
      for (const level of levels) {
        if (!((up(i) - level) * (up(i + 2) - level) < 0)) continue;
        found.push(points[i] + ((level - up(i)) / (up(i + 2) - up(i))) * (points[i + 2] - points[i]));
      }
    }
  }
  const [left, right] = found.length ? [Math.min(...found), Math.max(...found)] : [size / 2, size / 2];
  return [(left - size / 2) / xheight, (right - size / 2) / xheight];
}

/** Ink box with y upwards. */
function upright(paths: Paths, frame: Frame): Box {
  const box = bounds(paths);
  if (!box) return [0, 0, -1, 0];
  const [left, top, right, bottom] = about(box, frame);
  return [left, -top, right, -bottom];
}

/** Only strokes that come well below a height: the dot of an i goes. A stroke that is alone is cut off there. */
function cut({ strokes, width }: Paths, height: number, { baseline, xheight }: Frame): Paths {
  const up = (y: number) => (baseline - y) / xheight;
  if (strokes.length < 2) {
    const [points] = strokes;
    const top = points ? Math.max(...Array.from(points.filter((_, i) => i % 2), up)) : height;
    if (top <= height + DOTLESS) return { strokes, width };
    const kept = strokes.map((points) => points.filter((_, i) => up(points[i | 1]) <= height));
    return { strokes: kept.filter((points) => points.length), width };
  }
  const lowest = strokes.map((points) => Math.min(...Array.from(points.filter((_, i) => i % 2), up)));
  const most = Math.max(DOT * height, Math.min(...lowest));
  return { strokes: strokes.filter((_, i) => lowest[i] <= most), width };
}

/** Scaled, stretched and turned about the glyph's point, then shifted (x-heights, y up). */
function turn({ scale, wide, angle }: Piece, frame: Frame, dx: number, dy: number): Move {
  const radians = (angle * Math.PI) / 180;
  const [cos, sin] = [Math.cos(radians), Math.sin(radians)];
  // y points down, where a turn counter-clockwise has the other sign
  const [xx, xy, yx, yy] = [cos * scale * wide, sin * scale, -sin * scale * wide, cos * scale];
  const [x, y] = [frame.size / 2, frame.baseline];
  const [atX, atY] = [x - (xx * x + xy * y) + dx * frame.xheight, y - (yx * x + yy * y) - dy * frame.xheight];
  return [xx, xy, atX, yx, yy, atY];
}
