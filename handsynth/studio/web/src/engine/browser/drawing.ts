/** What a model draws, a field or pen strokes, and what is done to either: handsynth/ink/glyph.py. */

import type { Frame } from "./frame";
import { type Paths } from "./paths";
import { framed } from "./penink";

/** Signed distances [H * H], or strokes. */
export type Drawing = Float32Array | Paths;

export function isField(drawing: Drawing): drawing is Float32Array {
  return drawing instanceof Float32Array;
}

/** Coverage 0 … 1 of the frame's own pixels. */
export function inked(drawing: Drawing, frame: Frame): Float32Array {
  return isField(drawing) ? drawing.map((value) => Math.min(1, Math.max(0, value + 0.5))) : framed(drawing, frame);
}

/** Sheared by `slant`, x per height, about the middle of a small letter. */
export function sheared<Kind extends Drawing>(drawing: Kind, slant: number, frame: Frame): Kind;
export function sheared(drawing: Drawing, slant: number, frame: Frame): Drawing {
  return isField(drawing) ? shearedField(drawing, slant, frame) : shearedPaths(drawing, slant, frame);
}

function shearedField(field: Float32Array, slant: number, frame: Frame): Float32Array {
  const { size, baseline, xheight } = frame;
  const result = new Float32Array(size * size);
  for (let row = 0; row < size; row++) {
    const shift = slant * (baseline - xheight / 2 - row - 0.5);
    for (let column = 0; column < size; column++) {
      const at = Math.min(size - 1.001, Math.max(0, column - shift));
      const left = Math.floor(at);
      const part = Math.fround(at - left);
      const [one, other] = [field[row * size + left], field[row * size + left + 1]];
      result[row * size + column] = Math.fround(Math.fround(other - one) * part) + one;
    }
  }
  return result;
}

function shearedPaths({ strokes, width }: Paths, slant: number, { baseline, xheight }: Frame): Paths {
  const [by, middle] = [slant, baseline - xheight / 2].map(Math.fround);
  const moved = (points: Float32Array) =>
    points.map((value, i) => (i % 2 ? value : value + Math.fround(by * Math.fround(middle - points[i + 1]))));
  return { strokes: strokes.map(moved), width };
}
