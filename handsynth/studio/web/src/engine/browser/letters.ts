/** Letters of one person as latents of the model, each drawn anew: handsynth/hands/letters.py. */

import { bytes, halves } from "./half";
import { type Seed, uniforms } from "./noise";
import { Refusal } from "./refusal";

export interface Letters {
  /** Variations that draw each character, as often as it was written. */
  latents: Map<string, Float32Array[]>;
  /** How much the person's copies of a letter differ, as a share of what is usual. */
  steady: number;
}

const { fround } = Math;
const MOST = 4000;
/** The variation at which copies differ as they usually do, and how many times as much they differ at most. */
const [VARIATION, WIDEST] = [0.25, 2];
/** Latents of one letter nearer than so much, root mean square over dimensions, are the same form of it. */
const MIDDLE = 0.5;

/** The letters of a .hand file, of `size` numbers each. Throws a Refusal if they are damaged. */
export function unpacked({ chars, steady, latents }: Record<string, unknown>, size: number): Letters {
  const texts: string[] = Array.isArray(chars) && chars.length <= MOST ? chars : [];
  const numbers = halves(bytes(latents));
  const sized = numbers.length > 0 && numbers.length === texts.length * size;
  const usable = texts.every((char) => typeof char === "string") && numbers.every((value) => Math.abs(value) <= 1e3);
  if (!sized || !usable || typeof steady !== "number" || !(steady >= 0 && steady <= 10)) {
    throw new Refusal("the letters that the hand knows are not usable; save it again");
  }
  const result = new Map<string, Float32Array[]>();
  texts.forEach((char, i) => {
    result.set(char, [...(result.get(char) ?? []), numbers.slice(i * size, (i + 1) * size)]);
  });
  return { latents: result, steady };
}

/** The latent of the letter that stands at a place, or null where the character is not known. */
export function chosen({ latents }: Letters, char: string, place: bigint, seed: Seed): Float32Array | null {
  const letters = latents.get(char);
  if (!letters) return null;
  return letters.length > 1 ? letters[Math.floor(uniforms(seed, "hand", place, 1)[0] * letters.length)] : letters[0];
}

/** Standard deviations of copies; `spread`: those of one writer as usual. */
export function reach({ steady }: Letters, spread: number[], variation: number): Float32Array {
  const times = fround(Math.min(variation / VARIATION, WIDEST));
  return Float32Array.from(spread, (value) => fround(fround(value) * times) * fround(steady));
}

/**
 * One letter of each character that all parts know, in these shares, which sum up to 1. Where their forms are too far
 * apart to have a middle, that of the greatest share is taken.
 */
export function mixed(parts: [Letters | null, number][]): Letters | null {
  const some = parts.filter(([, share]) => share > 0);
  const known = some.filter((part): part is [Letters, number] => part[0] !== null);
  if (!known.length || known.length < some.length) return null;
  const latents = new Map<string, Float32Array[]>();
  for (const char of known[0][0].latents.keys()) {
    if (!known.every(([letters]) => letters.latents.has(char))) continue;
    const ways = known.map(([letters, share]) => ({ latent: letters.latents.get(char)![0], share }));
    const main = ways.reduce((most, way) => (way.share > most.share ? way : most));
    const near = ways.every((way) => distance(way.latent, main.latent) < MIDDLE);
    latents.set(char, [near ? middle(ways) : main.latent]);
  }
  const steady = known.reduce((sum, [letters, share]) => sum + letters.steady * share, 0);
  return latents.size ? { latents, steady } : null;
}

function middle(ways: { latent: Float32Array; share: number }[]): Float32Array {
  const total = ways.reduce((sum, { share }) => sum + share, 0);
  const result = new Float32Array(ways[0].latent.length);
  for (const { latent, share } of ways) {
    const part = fround(share / total);
    latent.forEach((value, i) => (result[i] += fround(value * part)));
  }
  return result;
}

function distance(one: Float32Array, other: Float32Array): number {
  return Math.sqrt(one.reduce((sum, value, i) => sum + (value - other[i]) ** 2, 0) / one.length);
}
