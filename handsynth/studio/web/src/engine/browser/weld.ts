/** Joined letters as one stroke, for what draws the line of a pen: handsynth/layout/weld.py. */

import { type Drawing, isField } from "./drawing";
import { lastBody } from "./ends";
import type { Frame } from "./frame";
import type { Placed } from "./layout";
import { type Move, type Paths, moved } from "./paths";

/** Letters that are one drawing, or one alone. */
export interface Run {
  glyph: Placed;
  /** Place of its first letter among all glyphs. */
  first: number;
}

/**
 * The glyphs with each run of joined letters as one, in the frame of its first letter.
 *
 * `ties`: which stroke of each runs on into the first of the next, -1 for none. Dots, bars and marks of a run follow it,
 * as people write them.
 */
export function welded(glyphs: Placed[], ties: number[], frame: Frame): Run[] {
  const result: Run[] = [];
  for (let first = 0; first < glyphs.length; ) {
    let last = first;
    while (ties[last] >= 0 && last + 1 < glyphs.length) last++;
    const run = glyphs.slice(first, last + 1);
    result.push({ glyph: run.length > 1 ? one(run, ties.slice(first, last), frame) : run[0], first });
    first = last + 1;
  }
  return result;
}

function one(run: Placed[], ties: number[], frame: Frame): Placed {
  const parts = run.map((glyph) => moved(strokesOf(glyph.drawing), into(run[0], glyph, frame)).strokes);
  const body: Float32Array[] = [];
  const late: Float32Array[] = [];
  parts.forEach((strokes, i) => {
    const own = strokesOf(run[i].drawing);
    const end = i < ties.length ? ties[i] : lastBody(own, frame);
    strokes.forEach((points, number) => {
      if (number > end) late.push(points);
      // the middle of a join is a point of both halves
      else if (i && !number) body.push(whole(body.pop() as Float32Array, points.subarray(2)));
      else body.push(points);
    });
  });
  // one pen all along: pressure is that of the run
  const width = run.reduce((sum, { drawing }) => sum + strokesOf(drawing).width, 0) / run.length;
  return { ...run[0], drawing: { strokes: [...body, ...late], width } };
}

function strokesOf(drawing: Drawing): Paths {
  if (isField(drawing)) throw new Error("fields are not joined");
  return drawing;
}

/** From the frame of a glyph to that of another on the same sheet. */
function into(head: Placed, glyph: Placed, { size, baseline, xheight: k }: Frame): Move {
  const turn = glyph.angle - head.angle;
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const [c, s] = [Math.cos(head.angle), Math.sin(head.angle)];
  const [u, v] = [(glyph.x - head.x) * k, (glyph.y - head.y) * k];
  const [centre, base] = [size / 2, baseline];
  const [right, down] = [centre + u * c - v * s, base + u * s + v * c];
  return [cos, sin, right - cos * centre - sin * base, -sin, cos, down + sin * centre - cos * base];
}

function whole(one: Float32Array, other: Float32Array): Float32Array {
  const result = new Float32Array(one.length + other.length);
  result.set(one);
  result.set(other, one.length);
  return result;
}
