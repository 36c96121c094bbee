/** Letters of one person as latents of the model, each drawn anew: handsynth/hands/letters.py. */

import { bytes, halves, inflated } from "./half";
import { type Seed, uniforms } from "./noise";
import { Refusal } from "./refusal";

export interface Letter {
  /** The variation that draws it. */
  latent: Float32Array;
  /** What is added to the points that this draws, x and y of each, in px; null: nothing. */
  offsets: Float32Array | null;
}

export interface Letters {
  /** Those of each character, as often as it was written. */
  latents: Map<string, Letter[]>;
  /** How much the person's copies of a letter differ, as a share of what is usual. */
  steady: number;
}

const { fround } = Math;
const MOST = 4000;
/** Copies of a letter that is drawn from the prior differ by so much of what people's do. handsynth/drawing/known.py. */
export const STEADY = 0.4;
/** The variation at which copies differ as they usually do, and how many times as much they differ at most. */
const [VARIATION, WIDEST] = [0.25, 2];
/** Latents of one letter nearer than so much, root mean square over dimensions, are the same form of it. */
const MIDDLE = 0.5;

/** Offsets are whole steps of so many px, and go no further than 127 of them. */
const [STEP, STEPS] = [1 / 32, 127];

/** The letters of a .hand file, of `size` numbers and `points` each. Throws a Refusal if they are damaged. */
export async function unpacked(file: Record<string, unknown>, size: number, points: number): Promise<Letters> {
  const { chars, steady, latents, offsets } = file;
  const texts: string[] = Array.isArray(chars) && chars.length <= MOST ? chars : [];
  const numbers = halves(bytes(latents));
  const sized = numbers.length > 0 && numbers.length === texts.length * size;
  const usable = texts.every((char) => typeof char === "string") && numbers.every((value) => Math.abs(value) <= 1e3);
  if (!sized || !usable || typeof steady !== "number" || !(steady >= 0 && steady <= 10)) {
    throw new Refusal("the letters that the hand knows are not usable; use a copy of it, or learn it again");
  }
  const moves = (offsets ?? null) === null ? null : new Int8Array(await inflated(bytes(offsets), 2 * points * texts.length));
  const result = new Map<string, Letter[]>();
  texts.forEach((char, i) => {
    const steps = moves?.subarray(2 * points * i, 2 * points * (i + 1));
    const letter = {
      latent: numbers.slice(i * size, (i + 1) * size),
      offsets: steps ? Float32Array.from(steps, (value) => Math.max(value, -STEPS) * STEP) : null,
    };
    result.set(char, [...(result.get(char) ?? []), letter]);
  });
  return { latents: result, steady };
}

/** The letter that stands at a place, or null where the character is not known. */
export function chosen({ latents }: Letters, char: string, place: bigint, seed: Seed): Letter | null {
  const letters = latents.get(char);
  if (!letters) return null;
  return letters.length > 1 ? letters[Math.floor(uniforms(seed, "hand", place, 1)[0] * letters.length)] : letters[0];
}

/** Standard deviations of copies of a hand as `steady`; `spread`: those of one writer as usual. */
export function reach(steady: number, spread: number[], variation: number): Float32Array {
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
  const latents = new Map<string, Letter[]>();
  for (const char of known[0][0].latents.keys()) {
    if (!known.every(([letters]) => letters.latents.has(char))) continue;
    const ways = known.map(([letters, share]) => ({ ...letters.latents.get(char)![0], share }));
    const main = ways.reduce((most, way) => (way.share > most.share ? way : most));
    const near = ways.every((way) => distance(way.latent, main.latent) < MIDDLE);
    latents.set(char, [middle(near ? ways : [main])]);
  }
  const steady = known.reduce((sum, [letters, share]) => sum + letters.steady * share, 0);
  return latents.size ? { latents, steady } : null;
}

function middle(ways: (Letter & { share: number })[]): Letter {
  const total = ways.reduce((sum, { share }) => sum + share, 0);
  const latent = new Float32Array(ways[0].latent.length);
  const size = ways.find((way) => way.offsets)?.offsets!.length ?? 0;
  const moves = new Float32Array(size);
  for (const way of ways) {
    const part = fround(way.share / total);
    way.latent.forEach((value, i) => (latent[i] += fround(value * part)));
    way.offsets?.forEach((value, i) => (moves[i] += fround(value * part)));
  }
  const steps = moves.map((value) => Math.min(Math.max(Math.floor(value / STEP + 0.5), -STEPS), STEPS) * STEP);
  return { latent, offsets: size ? steps : null };
}

function distance(one: Float32Array, other: Float32Array): number {
  return Math.sqrt(one.reduce((sum, value, i) => sum + (value - other[i]) ** 2, 0) / one.length);
}
