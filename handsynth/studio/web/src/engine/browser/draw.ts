/** Drawing characters: where noise, prior, decoder and reader meet. handsynth/draw.py. */

import { FAR, type Frame } from "./frame";
import type { Hand } from "./hand";
import type { Model } from "./model";
import type { Normals, Seed } from "./noise";
import { type Use, chosen, rewritten } from "./originals";

export interface Pen {
  hand: Hand;
  seed: Seed;
  /** Multiplies the noise of the variation. */
  temperature: number;
  /** Most candidates that are drawn of each letter. */
  legibility: number;
  /** Shear beside the hand's own, x per height. */
  lean: number;
  /** When letters that a learnt hand holds are drawn. */
  use: Use;
}

/** A character of the charset by its number, and the place of its noise. */
export interface Wanted {
  char: number;
  place: bigint;
}

const WELL_READ = Math.log(0.9);
const UNREAD = -10;

/** Fields [H * H] of characters by one pen. */
export async function drawn(model: Model, normals: Normals, pen: Pen, wanted: Wanted[]): Promise<Float32Array[]> {
  if (!wanted.length) return [];
  const styleNoise = await model.styleNoise(pen.hand.style);
  const size = model.tables.variationSize;
  // candidate k takes the k-th numbers of the place's row, so the first is the one drawn at legibility 1
  const noise = wanted.map(({ place }) => normals.of(pen.seed, "glyph", place, size * pen.legibility));
  const candidate = (glyph: number, k: number) => noise[glyph].subarray(k * size, (k + 1) * size);
  const decode = async (glyphs: number[], k: number) => {
    const chars = glyphs.map((glyph) => wanted[glyph].char);
    const heat = Math.fround(pen.temperature);
    const varied = await model.vary(
      chars,
      styleNoise,
      glyphs.map((glyph) => candidate(glyph, k).map((value) => value * heat)),
    );
    return model.decode(chars, pen.hand.style, varied);
  };
  const judge = async (glyphs: number[], fields: Float32Array[], k: number) => {
    const read = await model.read(fields.map(inked));
    return glyphs.map((glyph, i) => {
      const logprob = read[i][wanted[glyph].char];
      const squares = candidate(glyph, k).reduce((sum, value) => sum + value * value, 0);
      // a character that the reader never learnt is unlikely to it whatever is drawn: there, noise alone decides
      return { score: Math.max(logprob, UNREAD) - (0.5 * squares) / size, good: logprob >= WELL_READ };
    });
  };
  let todo = [...wanted.keys()];
  const fields = await decode(todo, 0);
  if (pen.legibility > 1) {
    const best = await judge(todo, fields, 0);
    for (let k = 1; k < pen.legibility; k++) {
      todo = todo.filter((glyph) => !best[glyph].good);
      if (!todo.length) break;
      const others = await decode(todo, k);
      (await judge(todo, others, k)).forEach(({ score, good }, i) => {
        const glyph = todo[i];
        if (good || score > best[glyph].score) fields[glyph] = others[i];
        best[glyph] = { score: Math.max(score, best[glyph].score), good };
      });
    }
  }
  return fields.map((field, i) => own(model, normals, pen, wanted[i], field));
}

/** The field as this person writes: with their pen and slant, and their own letters among them. */
function own(model: Model, normals: Normals, pen: Pen, { char, place }: Wanted, field: Float32Array): Float32Array {
  const { hand, seed, temperature } = pen;
  const { charset, frame } = model.tables;
  const weight = Math.fround(hand.weight);
  // what is far from ink stays so: pieces of signs are scaled
  if (weight) field = field.map((value) => (value > FAR ? Math.min(-FAR, Math.max(FAR, value + weight)) : FAR));
  if (hand.slant) field = sheared(field, hand.slant, frame);
  const letter = hand.originals && chosen(hand.originals, charset[char], place, seed, pen.use);
  if (letter) field = rewritten(letter, place, seed, temperature, frame, normals);
  return pen.lean ? sheared(field, pen.lean, frame) : field;
}

/** Sheared by `slant`, x per height, about the middle of a small letter. */
export function sheared(field: Float32Array, slant: number, frame: Frame): Float32Array {
  const { size, baseline, xheight } = frame;
  const result = new Float32Array(size * size);
  for (let row = 0; row < size; row++) {
    const shift = slant * (baseline - xheight / 2 - row - 0.5);
    for (let column = 0; column < size; column++) {
      const at = Math.min(size - 1.001, Math.max(0, column - shift));
      const left = Math.floor(at);
      const part = Math.fround(at - left);
      const [one, other] = [field[row * size + left], field[row * size + left + 1]];
      result[row * size + column] = Math.fround(one * Math.fround(1 - part)) + Math.fround(other * part);
    }
  }
  return result;
}

function inked(field: Float32Array): Float32Array {
  return field.map((value) => Math.min(1, Math.max(0, value + 0.5)));
}
