/** One field from several drawn pieces, and the box for what is missing: handsynth/layout/compose.py. */

import { type Box, FAR, type Field, type Frame, inkBox } from "./frame";
import type { Piece } from "./tables";

/** Space between a letter and its mark, in x-heights. */
const CLEAR = 0.14;
const LOWEST_MARK = 1.2;
const PEN_KEPT = 0.7;

export function isPlain(pieces: Piece[]): boolean {
  const [{ scale, dx, dy, angle, wide, anchor, cut, joined }] = pieces;
  const still = scale === 1 && wide === 1 && !dx && !dy && !angle;
  return pieces.length === 1 && still && anchor === "frame" && cut === null && !joined;
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
      const [dx, dy] = [corners[(i + 1) % 4][0] - x0, corners[(i + 1) % 4][1] - y0];
      const along = Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy)));
      distance = Math.min(distance, Math.hypot(x - x0 - along * dx, y - y0 - along * dy));
    });
    return Math.min(-FAR, Math.max(FAR, (0.06 - distance) * frame.xheight));
  });
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
function transformed(field: Field, frame: Frame, { scale, wide, angle, dx, dy }: Change): Float64Array {
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
  if (piece.cut !== null) {
    const cut = piece.cut;
    const below = mapped(frame, (_, y) => Math.fround((cut - y) * frame.xheight));
    field = field.map((value, at) => Math.min(value, below[at])) as Field;
  }
  if (piece.anchor === "frame") return transformed(field, frame, piece);
  // a mark: drawn about its own middle, then carried to where it belongs
  let [left, top, right, bottom] = upright(field, frame);
  const middle = shifted(field, frame, -(left + right) / 2, -(top + bottom) / 2 + 0.5);
  const still = transformed(middle, frame, { ...piece, dx: 0, dy: 0 });
  [left, top, right, bottom] = upright(still, frame);
  const [dx, dy] = target(piece, base, frame, top - bottom, right - left);
  return shifted(still, frame, dx - (left + right) / 2, dy - (top + bottom) / 2);
}

/** Where the middle of a mark of this size belongs, over or under the ink of `base`. */
function target(piece: Piece, base: Field, frame: Frame, height: number, width: number): [number, number] {
  let [left, top, right, bottom] = upright(base, frame);
  if (right < left) [left, top, right, bottom] = [0, 1, 0, 0];
  if (piece.anchor === "above") {
    const level = Math.max(top + CLEAR, LOWEST_MARK) + height / 2;
    const highest = frame.baseline / frame.xheight - height / 2;
    return [centre(base, frame, top - 0.45, top) + piece.dx, Math.min(level, highest)];
  }
  if (piece.anchor === "beside") return [right + 0.06 + width / 2 + piece.dx, top - height / 2 + piece.dy];
  const middle = centre(base, frame, bottom, bottom + 0.35) + piece.dx;
  const level = piece.anchor === "below" ? Math.min(bottom, 0) - CLEAR : bottom + 0.05;
  return [middle, Math.max(level - height / 2, -(frame.size - frame.baseline) / frame.xheight + height / 2)];
}

/** Middle of the ink between two heights. */
function centre(field: Field, frame: Frame, low: number, high: number): number {
  const band = field.map((value, at) => {
    const y = (frame.baseline - Math.floor(at / frame.size) - 0.5) / frame.xheight;
    return y >= low - 0.03 && y <= high + 0.03 ? value : FAR;
  }) as Field;
  const [left, , right] = upright(band, frame);
  return right >= left ? (left + right) / 2 : 0;
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
