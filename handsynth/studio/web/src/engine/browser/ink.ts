/** Fields to ink: how much of each pixel a glyph covers, at any size, place and angle. handsynth/ink/field.py. */

import { isField } from "./drawing";
import { type Box, FAR, type Frame, pixelBox } from "./frame";
import type { Placed } from "./layout";
import { type Affine, type Grid, enlarged, reduced, warped } from "./resample";

/** Pixels per frame px below which ink is drawn larger and averaged. */
const FINE = 1.5;
const PAD = 2;
const EDGE = 3;
/** Pixels that Python draws at once: glyphs are laid down in its order, since rounding depends on it. */
const SCRATCH = 1 << 19;

/** Coverage 0 … 255 of the pixels that a glyph may touch. */
export interface Tile {
  left: number;
  top: number;
  width: number;
  height: number;
  data: Uint8Array;
}

interface Cast {
  field: Float32Array;
  left: number;
  top: number;
  width: number;
  height: number;
  /** From those pixels to frame px. */
  map: Affine;
  /** What is needed of the field, in frame px, also outside the frame. */
  source: Box;
  /** Ink reaches the border of the frame. */
  bleeds: boolean;
}

/** Ink of glyphs that are fields, with an x-height of `xheight` px, in the order in which it is laid down. */
export function* tiles(glyphs: Placed[], frame: Frame, xheight: number): Generator<Tile> {
  const k = xheight / frame.xheight;
  const fine = k >= FINE ? 1 : Math.min(16, Math.ceil(FINE / k));
  const up = Math.min(8, 2 * Math.ceil(k / 3));
  let work = 0;
  const casts = glyphs.flatMap((glyph) => {
    const cast = castOf(glyph, frame, xheight, k, 0.5 / (k * fine));
    if (!cast) return [];
    const [left, top, right, bottom] = cast.source;
    work += cast.width * cast.height * fine ** 2 + (right - left) * (bottom - top) * up ** 2;
    return [{ cast, part: Math.floor(work / SCRATCH) }];
  });
  casts.sort((a, b) => a.part - b.part || b.cast.height - a.cast.height);
  for (const { cast } of casts) yield drawn(cast, frame, Math.fround(k * fine), fine, up);
}

function castOf({ drawing: field, x, y, angle }: Placed, frame: Frame, xheight: number, k: number, reach: number): Cast | null {
  const bounds = isField(field) ? pixelBox(field, frame.size, Math.max(-reach, FAR + 0.5)) : null;
  if (!isField(field) || !bounds) return null;
  const box = [bounds[0] - 1, bounds[1] - 1, bounds[2] + 1, bounds[3] + 1];
  const [px, py] = [x * xheight, y * xheight];
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const corners = [
    [0, 1],
    [0, 3],
    [2, 1],
    [2, 3],
  ].map(([h, v]) => {
    const [across, down] = [box[h] - frame.size / 2, box[v] - frame.baseline];
    return [px + k * (across * cos + down * sin), py + k * (down * cos - across * sin)];
  });
  const [xs, ys] = [0, 1].map((axis) => corners.map((corner) => corner[axis]));
  const [left, top] = [Math.floor(Math.min(...xs)), Math.floor(Math.min(...ys))];
  const [right, bottom] = [Math.ceil(Math.max(...xs)), Math.ceil(Math.max(...ys))];
  // the inverse map, from the corners of those pixels to the frame
  const back = (column: number, row: number): [number, number] => {
    const [dx, dy] = [(column - px) / k, (row - py) / k];
    return [cos * dx - sin * dy + frame.size / 2, sin * dx + cos * dy + frame.baseline];
  };
  const [nw, sw, se, ne] = [back(left, top), back(left, bottom), back(right, bottom), back(right, top)];
  const [width, height] = [right - left, bottom - top];
  const all = [nw, sw, se, ne];
  const [columns, rows] = [0, 1].map((axis) => all.map((corner) => corner[axis]));
  return {
    field,
    left,
    top,
    width,
    height,
    map: [
      nw[0],
      (ne[0] - nw[0]) / width,
      (sw[0] - nw[0]) / height,
      nw[1],
      (ne[1] - nw[1]) / width,
      (sw[1] - nw[1]) / height,
    ],
    source: [
      Math.floor(Math.min(...columns)) - PAD,
      Math.floor(Math.min(...rows)) - PAD,
      Math.ceil(Math.max(...columns)) + PAD,
      Math.ceil(Math.max(...rows)) + PAD,
    ],
    bleeds: Math.min(box[0], box[1], frame.size - box[2], frame.size - box[3]) < EDGE,
  };
}

function drawn(cast: Cast, frame: Frame, scale: number, fine: number, up: number): Tile {
  const [left, top, right, bottom] = cast.source;
  const part: Grid = { width: right - left, height: bottom - top, data: new Float32Array() };
  part.data = new Float32Array(part.width * part.height).fill(FAR * scale);
  const at = cast.bleeds ? edged(cast.field, frame.size) : (x: number, y: number) => cast.field[y * frame.size + x];
  const rim = cast.bleeds ? EDGE : 0;
  for (let y = Math.max(top, -rim); y < Math.min(bottom, frame.size + rim); y++) {
    for (let x = Math.max(left, -rim); x < Math.min(right, frame.size + rim); x++) {
      part.data[(y - top) * part.width + x - left] = at(x, y) * scale;
    }
  }
  const [x0, xx, xy, y0, yx, yy] = cast.map;
  const map: Affine = [
    (x0 - left) * up,
    (xx * up) / fine,
    (xy * up) / fine,
    (y0 - top) * up,
    (yx * up) / fine,
    (yy * up) / fine,
  ];
  let grey = warped(enlarged(part, up), map, cast.width * fine, cast.height * fine, FAR);
  for (let i = 0; i < grey.data.length; i++) grey.data[i] = Math.min(1, Math.max(0, grey.data[i] + 0.5));
  if (fine > 1) grey = reduced(grey, fine);
  const data = Uint8Array.from(grey.data, (value) => Math.fround(Math.fround(value * 255) + 0.5));
  return { left: cast.left, top: cast.top, width: cast.width, height: cast.height, data };
}

/**
 * The field also a little outside the frame: ink that runs out of it ends at its border in an edge like any other,
 * since the shape is intersected with the square.
 */
export function edged(field: Float32Array, size: number): (x: number, y: number) => number {
  const clamp = (at: number) => Math.min(size - 1, Math.max(0, at));
  const inside = (at: number) => Math.min(at + 0.5, size - 0.5 - at);
  return (x, y) => Math.min(field[clamp(y) * size + clamp(x)], inside(x), inside(y));
}
