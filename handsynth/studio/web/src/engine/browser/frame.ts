/** The square in which every glyph is drawn; see handsynth/frame.py. */

export interface Frame {
  /** Width and height, in frame px. */
  size: number;
  /** Rows above the baseline. */
  baseline: number;
  /** Height of a lower-case x, in frame px. */
  xheight: number;
}

/** Signed distances to the edge of the ink, in frame px, inside positive: rows of a square. */
export type Field = Float32Array | Float64Array;

/** The field where there is no ink anywhere near. */
export const FAR = -4;

/** Left, top, right, bottom. */
export type Box = [number, number, number, number];

/** Ink box in x-heights about the glyph's point, y downwards; right < left where there is no ink. */
export function inkBox(field: Field, frame: Frame): Box {
  return about(pixelBox(field, frame.size, 0), frame);
}

/** A box in frame px, or null for none, in x-heights about the glyph's point. */
export function about(box: Box | null, frame: Frame): Box {
  if (!box) return [0, 0, -1 / frame.xheight, -1 / frame.xheight];
  const [left, top, right, bottom] = box;
  const [x, y, k] = [frame.size / 2, frame.baseline, frame.xheight];
  return [(left - x) / k, (top - y) / k, (right - x) / k, (bottom - y) / k];
}

/** Bounds in frame px (right and bottom exclusive) of what is above `limit`, or null. */
export function pixelBox(field: Field, size: number, limit: number): Box | null {
  let [left, top, right, bottom] = [size, -1, 0, 0];
  for (let row = 0, at = 0; row < size; row++) {
    for (let column = 0; column < size; column++, at++) {
      if (!(field[at] > limit)) continue;
      if (top < 0) top = row;
      bottom = row + 1;
      if (column < left) left = column;
      if (column >= right) right = column + 1;
    }
  }
  return top < 0 ? null : [left, top, right, bottom];
}
