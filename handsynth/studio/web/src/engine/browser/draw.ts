/** Drawing characters: where noise, prior, decoder and reader meet. handsynth/drawing/draw.py. */

import * as alphabets from "./alphabets";
import { type Drawing, inked, isField, sheared } from "./drawing";
import { stretched } from "./extenders";
import { settle } from "./forms";
import { FAR } from "./frame";
import { type Hand, letterNoise, letterStyle } from "./hand";
import * as letters from "./letters";
import type { Model } from "./model";
import type { Normals, Seed } from "./noise";
import { type Use, chosen, rewritten } from "./originals";
import { noiseKey } from "./noisekey";
import { capitalsOf, plainly, scaled } from "./smallcaps";

export interface Pen {
  hand: Hand;
  seed: Seed;
  /** How far letters are from the usual: multiplies the noise. */
  temperature: number;
  /** How far two copies of a letter differ, 0 … 1. */
  variation: number;
  /** Most candidates that are drawn of each letter. */
  legibility: number;
  /** Of strokes, in x-heights; null: the hand's own. */
  width: number | null;
  /** Shear beside the hand's own, x per height. */
  lean: number;
  /** How letters of a learnt hand are drawn. */
  use: Use;
}

/** A character by its number in the charset or, counted on, among the foreign letters, and the place of its noise. */
export interface Wanted {
  char: number;
  place: bigint;
  /** Whether a learnt hand may put a letter of its own here. */
  free: boolean;
}

const { fround } = Math;
const WELL_READ = Math.log(0.9);
const UNREAD = -10;

/** The seed of a hand's page: with one seed two hands share no chance at all. */
export function pageSeed({ hand, seed }: Pen): bigint {
  return noiseKey("page", BigInt(seed), hand.key.toString());
}

/** Drawings of characters by one pen. */
export async function drawn(model: Model, normals: Normals, pen: Pen, wanted: Wanted[]): Promise<Drawing[]> {
  if (!wanted.length) return [];
  if (pen.hand.smallCapitals !== null) {
    const meant = wanted.map(({ char }) => char).map(capitalsOf(model, pen.hand));
    const plain = { ...pen, hand: plainly(pen.hand) };
    const found = await drawn(model, normals, plain, wanted.map((one, i) => ({ ...one, char: meant[i].char })));
    return found.map((drawing, i) => scaled(drawing, meant[i].size, model.tables.frame));
  }
  const count = model.tables.charset.length;
  const foreign = wanted.filter(({ char }) => char >= count);
  if (foreign.length) {
    const native = wanted.filter(({ char }) => char < count);
    const [own, others] = [
      await drawn(model, normals, pen, native),
      await alphabets.letters(model, normals, pen, foreign, drawn),
    ];
    return wanted.map(({ char }) => (char < count ? own : others).shift()!);
  }
  await settle(
    model,
    normals,
    pen.hand,
    wanted.map(({ char }) => char),
  );
  const { charset, spread } = model.tables;
  const noise = noises(model, normals, pen, wanted);
  const styles = await styleNoises(model, pen.hand, wanted);
  const mine = knownTo(pen);
  const known = wanted.map(({ char, place }) => mine && letters.chosen(mine, charset[char], place, pen.seed));
  const usual = spread.length ? letters.reach(letters.STEADY, spread, pen.variation) : null;
  const reach = mine && letters.reach(mine.steady, spread, pen.variation);
  const decode = async (glyphs: number[], k: number) => {
    const chars = glyphs.map((glyph) => wanted[glyph].char);
    const heat = fround(pen.temperature);
    const warm = glyphs.map((glyph) => noise[glyph].mixed[k].map((value) => value * heat));
    const here = glyphs.map((glyph) => noise[glyph].here[k].map((value) => value * heat));
    const varied = await model.vary(chars, glyphs.map((glyph) => styles[glyph]), warm);
    const variations = varied.map((drawn, i) => {
      const latent = known[glyphs[i]]?.latent;
      const far = latent ? reach : usual;
      return far ? (latent ?? drawn).map((value, at) => value + fround(far[at] * here[i][at])) : drawn;
    });
    const offsets = glyphs.map((glyph) => known[glyph]?.offsets ?? null);
    return model.decode(chars, pen.hand.style, variations, offsets);
  };
  const judge = async (glyphs: number[], drawings: Drawing[], k: number) => {
    const read = await model.read(drawings.map((drawing) => inked(drawing, model.tables.frame)));
    return glyphs.map((glyph, i) => {
      const logprob = read[i][wanted[glyph].char];
      const squares = noise[glyph].mixed[k].reduce((sum, value) => sum + value * value, 0);
      // a character that the reader never learnt is unlikely to it whatever is drawn: there, noise alone decides
      return {
        score: Math.max(logprob, UNREAD) - (0.5 * squares) / noise[glyph].mixed[k].length,
        good: logprob >= WELL_READ,
      };
    });
  };
  let todo = [...wanted.keys()];
  const found = await decode(todo, 0);
  if (pen.legibility > 1) {
    const best = await judge(todo, found, 0);
    for (let k = 1; k < pen.legibility; k++) {
      todo = todo.filter((glyph) => !best[glyph].good);
      if (!todo.length) break;
      const others = await decode(todo, k);
      (await judge(todo, others, k)).forEach(({ score, good }, i) => {
        const glyph = todo[i];
        if (good || score > best[glyph].score) found[glyph] = others[i];
        best[glyph] = { score: Math.max(score, best[glyph].score), good };
      });
    }
  }
  return found.map((drawing, i) => own(model, normals, pen, wanted[i], drawing));
}

/**
 * Noise of each candidate of each glyph: `mixed` is in part what the hand keeps for the character, in part the place's,
 * which is `here` alone.
 */
function noises(model: Model, normals: Normals, pen: Pen, wanted: Wanted[]) {
  const { hand, seed, variation, legibility } = pen;
  const { charset, variationSize: size } = model.tables;
  const mine = knownTo(pen);
  const met = new Map<number, Float32Array>();
  // later candidates go further from the hand's own form, which may itself be hard to read
  const shares = Array.from({ length: legibility }, (_, k) =>
    fround(Math.sqrt(variation ** 2 + ((1 - variation ** 2) * k) / legibility)),
  );
  return wanted.map(({ char, place }) => {
    // two hands with one seed share nothing
    const drawn = normals.of(seed, "glyph", place ^ hand.key, size * legibility);
    const here = shares.map((_, k) => drawn.slice(k * size, (k + 1) * size));
    // a letter that is known differs by its own noise alone
    if (mine?.latents.has(charset[char])) return { mixed: here, here };
    const kept = met.get(char) ?? letterNoise(hand, normals, charset[char], size);
    met.set(char, kept);
    const mixed = shares.map((share, k) => {
      const still = fround(Math.sqrt(fround(1 - fround(share * share))));
      return kept.map((value, i) => fround(still * value) + fround(share * here[k][i]));
    });
    return { mixed, here };
  });
}

/** The style of each glyph, as noise: the hand's; in a blend that draws strokes, of the hand that the form is of. */
async function styleNoises(model: Model, hand: Hand, wanted: Wanted[]): Promise<Float32Array[]> {
  const { charset, draws } = model.tables;
  if (draws === "strokes") return wanted.map(({ char }) => letterStyle(hand, charset[char]));
  const noise = await model.styleNoise(hand.style);
  return wanted.map(() => noise);
}

/** Letters that are drawn from latents which the hand knows, if any. */
function knownTo({ hand, use }: Pen): letters.Letters | null {
  return use === "vary" ? hand.known : null;
}

/** The drawing as this person makes it: with their pen and slant, and their own letters among them. */
function own(model: Model, normals: Normals, pen: Pen, { char, place, free }: Wanted, drawing: Drawing): Drawing {
  const { hand, seed, temperature } = pen;
  const { charset, frame } = model.tables;
  if (!isField(drawing)) drawing = { ...drawing, width: fround((pen.width ?? hand.pen) * frame.xheight) };
  else if (hand.weight) {
    const weight = fround(hand.weight);
    // what is far from ink stays so: pieces of signs are scaled
    drawing = drawing.map((value) => (value > FAR ? Math.min(-FAR, Math.max(FAR, value + weight)) : FAR));
  }
  if (hand.slant && !knownTo(pen)?.latents.has(charset[char])) drawing = sheared(drawing, hand.slant, frame);
  const letter = free && hand.originals && chosen(hand.originals, charset[char], place, seed, pen.use, hand.known);
  if (letter) drawing = rewritten(letter, place, seed, temperature, frame, normals);
  if (!isField(drawing) && /^\p{L}$/u.test(charset[char])) drawing = stretched(drawing, hand, frame);
  return pen.lean ? sheared(drawing, pen.lean, frame) : drawing;
}
