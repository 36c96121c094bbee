/** One field from several drawn pieces, and the box for what is missing: handsynth/ink/compose.py. */

import { type Box, FAR, type Field, type Frame, inkBox } from "./frame";
import { way } from "./freehand";
import { splined } from "./paths";
import type { Piece } from "./tables";

/** Space between a letter and its mark, in x-heights. */
const CLEAR = 0.09;
const LOWEST_MARK = 1.04;
/** A mark over a letter stands no further from its middle than this share of its width. */
const MOST_OFF = 0.25;
/** A mark beside a letter reaches so high at least, but goes no further above the letter. */
const [TALL, RAISED] = [1.5, 0.2];
/** It stands so far to the right of strokes that are no further below its top. */
const [BESIDE, APART] = [0.45, 0.16];
/** Strokes so much above and below a height are those at that height. */
const NEAR = 0.1;
/** What is written against a letter meets its strokes from its own middle up to so much above. */
const FACING = 0.25;
/** A piece is stretched by no less and no more, whatever size it should have. */
const [LEAST, MOST] = [0.15, 4];
const PEN_KEPT = 0.7;
/** Half the width of the pen that draws lines, in x-heights. */
const PEN = 0.06;

/** Leftmost and rightmost ink between two heights. */
export type Strokes = (low: number, high: number) => [number, number];

export function isPlain(pieces: Piece[]): boolean {
  const [{ scale, dx, dy, angle, wide, anchor, cut, joined, width, height, side, path }] = pieces;
  const still = scale === 1 && wide === 1 && !dx && !dy && !angle && anchor === "frame" && !side;
  const whole = cut === null && width === null && height === null && !path.length;
  return pieces.length === 1 && still && whole && !joined;
}

/** Field of a character from the fields of its pieces. */
export function compose(pieces: Piece[], drawn: Field[], frame: Frame): Field {
  if (isPlain(pieces)) return drawn[0];
  let whole = new Float64Array(frame.size ** 2).fill(FAR);
  let base = whole;
  pieces.forEach((piece, i) => {
    if (!piece.joined) base = whole;
    const placed = put(piece, drawn[i], base, frame);
    whole = whole.map((value, at) => Math.max(value, placed[at]));
  });
  return whole;
}

/** Field of an empty box drawn by hand; `jitter` is 8 numbers in [0, 1) that move its corners. */
export function missingBox(frame: Frame, jitter: ArrayLike<number>): Field {
  const [height, side] = [1.45, 0.45];
  const corners = [
    [-side, 0],
    [side, 0],
    [side, height],
    [-side, height],
  ].map((corner, i) => corner.map((value, axis) => value + (jitter[2 * i + axis] - 0.5) * 0.16));
  return mapped(frame, (x, y) => {
    let distance = Infinity;
    corners.forEach(([x0, y0], i) => {
      const [x1, y1] = corners[(i + 1) % 4];
      distance = Math.min(distance, fromSegment(x, y, x0, y0, x1, y1));
    });
    return pen(distance, frame);
  });
}

/** The field of a stroke along the piece's path. */
function line(piece: Piece, frame: Frame): Float64Array {
  const rough = { strokes: [Float32Array.from(way(piece, 2 * PEN).flat())], width: 0 };
  const [fine] = (piece.corners ? rough : splined(rough, 6)).strokes;
  return mapped(frame, (x, y) => {
    let distance = Infinity;
    for (let i = 0; i + 3 < fine.length; i += 2) {
      distance = Math.min(distance, fromSegment(x, y, fine[i], fine[i + 1], fine[i + 2], fine[i + 3]));
    }
    return pen(distance, frame);
  });
}

/** How far a place is from a segment. */
function fromSegment(x: number, y: number, x0: number, y0: number, x1: number, y1: number): number {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const along = Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy)));
  return Math.hypot(x - x0 - along * dx, y - y0 - along * dy);
}

function pen(distance: number, frame: Frame): number {
  return Math.fround(Math.min(-FAR, Math.max(FAR, (PEN - distance) * frame.xheight)));
}

interface Change {
  scale: number;
  wide: number;
  /** Degrees. */
  angle: number;
  dx: number;
  dy: number;
}

/** A shape scaled, stretched, turned and shifted. Thinned strokes get most of their width back. */
export function transformed(field: Field, frame: Frame, { scale, wide, angle, dx, dy }: Change): Float64Array {
  const turn = (angle * Math.PI) / 180;
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  let strongest = -Infinity;
  for (const value of field) strongest = Math.max(strongest, value);
  const kept = PEN_KEPT * Math.max(0, 1 - scale) * Math.min(2, Math.max(0, strongest));
  const at = sampler(field, frame.size);
  return mapped(frame, (left, up) => {
    const [x, y] = [left - dx, up - dy];
    const across = (x * cos + y * sin) / (scale * wide);
    const high = (y * cos - x * sin) / scale;
    const moved = at(frame.size / 2 + across * frame.xheight - 0.5, frame.baseline - high * frame.xheight - 0.5);
    return moved <= FAR ? FAR : moved * scale + kept;
  });
}

function put(piece: Piece, field: Field, base: Field, frame: Frame): Field {
  if (piece.path.length) field = line(piece, frame);
  if (piece.cut !== null) {
    const cut = piece.cut;
    const below = mapped(frame, (_, y) => Math.fround((cut - y) * frame.xheight));
    field = field.map((value, at) => Math.min(value, below[at])) as Field;
  }
  if (piece.anchor === "frame") return transformed(field, frame, piece);
  // a mark or part: drawn about its own middle, then carried to where it belongs
  let [left, top, right, bottom] = upright(field, frame);
  const middle = (top + bottom) / 2;
  const centred = shifted(field, frame, -(left + right) / 2, -middle + 0.5);
  let still = transformed(centred, frame, { ...piece, dx: 0, dy: 0 });
  const ink = upright(base, frame);
  const [x, y] = stretch(piece, upright(still, frame), ink, 0);
  if (x !== 1 || y !== 1) still = transformed(still, frame, { scale: y, wide: x / y, angle: 0, dx: 0, dy: 0 });
  [left, top, right, bottom] = upright(still, frame);
  // as high as drawn, but for its size: what `after` goes by
  const lift = (top + bottom) / 2 - middle * piece.scale * y;
  const own: Box = [left, top - lift, right, bottom - lift];
  const strokes: Strokes = (low, high) => between(base, frame, low, high);
  const [dx, dy] = target(piece, own, ink, strokes, limits(frame, 0));
  return shifted(still, frame, dx - (left + right) / 2, dy - (top + bottom) / 2);
}

/** Lowest and highest ink of marks, which may leave the frame by so many x-heights. */
export function limits({ size, baseline, xheight }: Frame, beyond: number): [number, number] {
  return [(baseline - size) / xheight - beyond, baseline / xheight + beyond];
}

/** Where the middle of a piece with the box `own` belongs, beside, over or under the box `ink` of what is drawn. */
export function target(
  piece: Piece,
  own: Box,
  ink: Box,
  strokes: Strokes,
  [lowest, highest]: [number, number],
): [number, number] {
  const { anchor, dx, dy, side } = piece;
  const [left, top, right, bottom] = ink[2] < ink[0] ? [0, 1, 0, 0] : ink;
  const [width, height] = [own[2] - own[0], own[1] - own[3]];
  const stands = (low: number, high: number) => {
    const [first, last] = strokes(low, high);
    return [first, (first + last) / 2, last][side + 1];
  };
  const beside = (low: number, high: number) => dx + stands(low, high);
  if (anchor === "at") return [dx, dy + height / 2];
  if (anchor === "after") return [right + dx + width / 2, (own[1] + own[3]) / 2 + dy];
  if (anchor === "against") {
    const level = (own[1] + own[3]) / 2 + dy;
    return [strokes(level, level + FACING)[1] + dx + width / 2, level];
  }
  if (anchor === "beside") {
    const high = Math.max(top, Math.min(TALL, top + RAISED));
    return [strokes(high - BESIDE, top)[1] + APART + width / 2 + dx, high - height / 2 + dy];
  }
  const up = bottom + dy * (top - bottom);
  if (anchor === "through") return [(left + right) / 2 + dx * (right - left), up];
  if (anchor === "across") return [beside(up - NEAR, up + NEAR), up];
  if (anchor === "above") {
    const level = Math.max(top + CLEAR, LOWEST_MARK) + height / 2;
    const [middle, off] = [(left + right) / 2, MOST_OFF * (right - left)];
    const over = Math.min(Math.max(stands(top - 0.45, top), middle - off), middle + off);
    return [over + dx, Math.min(level, highest - height / 2)];
  }
  const level = anchor === "below" ? Math.min(bottom, 0) - CLEAR : bottom + 0.05;
  return [beside(bottom, bottom + (side ? NEAR : 0.35)), Math.max(level - height / 2, lowest + height / 2)];
}

/** By how much the drawing with the box `own` is stretched along x and y; the pen's width stays. */
export function stretch(piece: Piece, own: Box, ink: Box, pen: number): [number, number] {
  const relative = piece.anchor === "through";
  const ratio = (wanted: number | null, ink: number, found: number) => {
    if (!wanted) return null;
    const whole = Math.max((relative ? wanted * ink : wanted) - pen, 0.02);
    return Math.min(MOST, Math.max(LEAST, whole / Math.max(found - pen, 0.02)));
  };
  const x = ratio(piece.width, ink[2] - ink[0], own[2] - own[0]);
  const y = ratio(piece.height, ink[1] - ink[3], own[1] - own[3]);
  return [x ?? y ?? 1, y ?? x ?? 1];
}

function between(field: Field, frame: Frame, low: number, high: number): [number, number] {
  const band = field.map((value, at) => {
    const y = (frame.baseline - Math.floor(at / frame.size) - 0.5) / frame.xheight;
    return y >= low - 0.03 && y <= high + 0.03 ? value : FAR;
  }) as Field;
  const [left, , right] = upright(band, frame);
  return right >= left ? [left, right] : [0, 0];
}

/** Ink box with y upwards. */
function upright(field: Field, frame: Frame): Box {
  const [left, top, right, bottom] = inkBox(field, frame);
  return [left, -top, right, -bottom];
}

function shifted(field: Field, frame: Frame, dx: number, dy: number): Float64Array {
  return transformed(field, frame, { scale: 1, wide: 1, angle: 0, dx, dy });
}

/** A number for the middle of each pixel, given in x-heights about the glyph's point, y up. */
function mapped(frame: Frame, value: (x: number, y: number) => number): Float64Array {
  const { size, baseline, xheight } = frame;
  const result = new Float64Array(size * size);
  for (let row = 0, at = 0; row < size; row++) {
    const y = (baseline - row - 0.5) / xheight;
    for (let column = 0; column < size; column++, at++) result[at] = value((column + 0.5 - size / 2) / xheight, y);
  }
  return result;
}

/** The field at pixel coordinates, bilinear; FAR outside. */
export function sampler(field: Field, size: number): (x: number, y: number) => number {
  const wide = size + 2;
  const padded = new Float64Array(wide * wide).fill(FAR);
  for (let row = 0; row < size; row++) {
    padded.set(field.subarray(row * size, (row + 1) * size), (row + 1) * wide + 1);
  }
  const within = (at: number) => Math.min(size + 0.999, Math.max(0, at + 1));
  return (x, y) => {
    const [across, down] = [within(x), within(y)];
    const [column, row] = [Math.floor(across), Math.floor(down)];
    const [u, v] = [across - column, down - row];
    const at = row * wide + column;
    const upper = padded[at] * (1 - u) + padded[at + 1] * u;
    const lower = padded[at + wide] * (1 - u) + padded[at + wide + 1] * u;
    return upper * (1 - v) + lower * v;
  };
}
