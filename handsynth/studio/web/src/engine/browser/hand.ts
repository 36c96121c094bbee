/** Hands: from the gallery, at random, blended, or learnt and kept as a .hand file. handsynth/hand.py. */

import type { Model } from "./model";
import { type Normals, type Seed } from "./noise";
import { type Originals, unpacked } from "./originals";
import { place } from "./place";
import { Refusal } from "./refusal";

export interface Hand {
  name: string;
  style: Float32Array;
  /** Usual clear space between facing letters, in x-heights; null: the layout's own. */
  gap: number | null;
  /** Frame px to add to every field. */
  weight: number;
  /** Shear beside the style's own, x per height. */
  slant: number;
  originals: Originals | null;
}

/** A name, the JSON of a .hand file, or two of them and the share of the second: as in the studio's API. */
export type HandWord = string | Record<string, unknown> | { blend: [HandWord, HandWord]; share: number };

const MOST_NAMED = 200;

/** Throws a Refusal for a hand that there is not. */
export async function resolve(model: Model, normals: Normals, word: HandWord, seed: Seed): Promise<Hand> {
  if (typeof word !== "string") {
    if (!Array.isArray(word.blend)) return saved(model, word as Record<string, unknown>);
    const [first, second] = word.blend as [HandWord, HandWord];
    return blended(
      await resolve(model, normals, first, seed),
      await resolve(model, normals, second, seed),
      Number(word.share),
    );
  }
  const random = /^random(?::(\d{1,19}))?(?::(\d{1,19}))?$/i.exec(word.trim());
  if (random) {
    const [, index, own] = random as (string | undefined)[];
    const number = BigInt(index ?? 0);
    const from = own === undefined ? seed : BigInt(own);
    const drawn = normals.of(from, "hand", place("random", number), model.tables.styleSize);
    const name = `random:${number}${own === undefined ? "" : `:${BigInt(own)}`}`;
    return made(name, (await model.styles([drawn]))[0]);
  }
  const { gallery } = model.tables;
  const asked = word.trim().toLowerCase();
  const found = asked ? gallery.find(({ name }) => name.toLowerCase() === asked) : gallery[0];
  if (!found) throw new Refusal(`there is no hand '${word}'; give random or one of the gallery's`);
  return { ...made(found.name, Float32Array.from(found.style)), gap: found.gap };
}

function made(name: string, style: Float32Array): Hand {
  return { name, style, gap: null, weight: 0, slant: 0, originals: null };
}

/** Between two hands, brought back to the length between theirs; their own letters are nobody's then. */
function blended(a: Hand, b: Hand, share: number): Hand {
  if (!(share >= 0 && share <= 1)) throw new Refusal(`cannot blend by ${share}; give a number from 0 to 1`);
  const shares = [1 - share, share];
  const mix = (one: number, other: number) => shares[0] * one + shares[1] * other;
  const style = Float64Array.from(a.style, (value, i) => mix(value, b.style[i]));
  const length = norm(style);
  const target = mix(norm(a.style), norm(b.style));
  // sqrt(2) is what two independent draws of equal length need in the middle; opposite ones have no middle
  const stretch = length > 0 ? Math.min(Math.sqrt(2), target / length) : 1;
  return {
    name: `${a.name}+${b.name}`.slice(0, MOST_NAMED),
    style: Float32Array.from(style, (value) => value * stretch),
    gap: a.gap === null || b.gap === null ? null : mix(a.gap, b.gap),
    weight: mix(a.weight, b.weight),
    slant: mix(a.slant, b.slant),
    originals: null,
  };
}

function norm(values: ArrayLike<number>): number {
  return Math.sqrt(Array.from(values).reduce((sum, value) => sum + value * value, 0));
}

async function saved(model: Model, file: Record<string, unknown>): Promise<Hand> {
  const { styleSize, hash } = model.tables;
  const style = file.style as number[];
  const sound = Array.isArray(style) && style.length === styleSize && style.every((value) => Math.abs(value) <= 1e3);
  if (!(file.handsynth_hand === 1 || file.handsynth_hand === 2) || !sound) {
    throw new Refusal("that is no saved hand (damaged?); save it again");
  }
  if (file.model !== hash) {
    throw new Refusal(`the hand '${String(file.name)}' was made with another model; learn it again`);
  }
  const number = (value: unknown) => (typeof value === "number" && Math.abs(value) <= 1e3 ? value : 0);
  return {
    name: String(file.name).slice(0, MOST_NAMED),
    style: Float32Array.from(style),
    gap: typeof file.gap === "number" ? number(file.gap) : null,
    weight: number(file.weight),
    slant: number(file.slant),
    originals: file.originals ? await unpacked(file.originals as Record<string, unknown>, model.tables.frame) : null,
  };
}
