/** Hands: from the gallery, at random, blended, or learnt and kept as a .hand file. handsynth/hands/hand.py. */

import { defaultShare, type Shares } from "./joining";
import { type Letters, mixed as mixedLetters, unpacked as unpackedLetters } from "./letters";
import type { Model } from "./model";
import { type Normals, type Seed, uniforms } from "./noise";
import { type Originals, unpacked } from "./originals";
import { noiseKey } from "./noisekey";
import { Refusal } from "./refusal";
import { defaultExtenders, defaultGap, defaultPen, defaultUnevenness, writesCursive } from "./defaults";

/** Letter forms that a hand keeps: noise of one key, for each character one of several. */
interface Kept {
  key: bigint;
  weight: number;
  /** The number of a character's form, where it is not 0. */
  forms: Record<string, number>;
  /** Of the hand whose forms they are; null: of the hand that keeps them. */
  style: Float32Array | null;
  /** In which single characters are drawn, instead. */
  styles: Record<string, ArrayLike<number>>;
  /** The random hand for which they are chosen as they are needed (see forms.ts), or null where they are known. */
  chooser: Hand | null;
}

export interface Hand {
  name: string;
  style: Float32Array;
  /** Usual clear space between facing letters, in x-heights; null: the layout's own. */
  gap: number | null;
  /** Frame px to add to every field. */
  weight: number;
  /** Shear beside the style's own, x per height; letters that are known have it already. */
  slant: number;
  /** Tells this hand from all others. */
  key: bigint;
  /** Width of the pen in x-heights, where the model draws strokes. */
  pen: number;
  /** What its letter forms are of: in a blend, each of one of several. */
  letters: Kept[];
  /** The person's own letters as ink, and as latents, which are drawn anew each time. */
  originals: Originals | null;
  known: Letters | null;
  /** Share of the pairs of letters that are joined, 0 … 1. */
  joined: number;
  /** Small letters after which another share is joined, in their order. */
  joinedAfter: Shares;
  /** How far its letters stray from the line and from even gaps: 0 not at all, 1 as those of most people. */
  unevenness: number;
  /** How long extenders are beside the style's own, and those of letters that are known. */
  ascenders: number;
  descenders: number;
  /** Small letters are written as capitals, so many times as high as those; null: as small letters. */
  smallCapitals: number | null;
}

/** A name, the JSON of a .hand file, or two of them and the share of the second: as in the studio's API. */
export type HandWord = string | Record<string, unknown> | { blend: [HandWord, HandWord]; share: number };

const MOST_NAMED = 200;
/** Of .hand files that are read. */
const FORMATS: unknown[] = [1, 2, 3];
/** A hand's key counts its style in steps of so many to the unit. */
const KEY_STEPS = 16;

/** Throws a Refusal for a hand that there is not. */
export async function resolve(model: Model, normals: Normals, word: HandWord, seed: Seed): Promise<Hand> {
  if (typeof word !== "string") {
    if (!Array.isArray(word.blend)) return saved(model, normals, word as Record<string, unknown>);
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
    const hand = await atRandom(model, normals, number, from);
    const { key } = hand;
    const tidy = model.tables.draws === "strokes" && model.has("reader");
    const letters = tidy ? [{ key, weight: 1, forms: {}, style: null, styles: hand.letters[0].styles, chooser: hand }] : hand.letters;
    return { ...hand, letters, name: `random:${number}${own === undefined ? "" : `:${BigInt(own)}`}` };
  }
  const { gallery } = model.tables;
  const asked = word.trim().toLowerCase();
  if (!asked && !gallery.length) return atRandom(model, normals, 0n, seed);
  const found = asked ? gallery.find(({ name }) => name.toLowerCase() === asked) : gallery[0];
  if (!found) throw new Refusal(`there is no hand '${word}'; give random or one of the gallery's`);
  const hand = made(normals, found.name, Float32Array.from(found.style));
  const styles = nearest(model, hand.style, Array.from(found.cursive));
  const letters = [{ key: hand.key, weight: 1, forms: found.forms, style: null, styles, chooser: null }];
  const joined = defaultShare(hand.key, found.tags.includes("cursive"));
  const { gap, slant, smallCapitals, ascenders, descenders } = found;
  const unevenness = defaultUnevenness(normals, hand.key, true);
  const pen = found.pen ?? hand.pen;
  return { ...hand, gap, pen, slant, letters, joined, unevenness, smallCapitals, ascenders, descenders };
}

async function atRandom(model: Model, normals: Normals, number: bigint, seed: Seed): Promise<Hand> {
  const drawn = normals.of(seed, "hand", noiseKey("random", number), model.tables.styleSize);
  const hand = made(normals, `random:${number}`, (await model.styles([drawn]))[0]);
  if (model.tables.draws !== "strokes") return hand;
  const chars = Object.keys(model.tables.cursive).filter((char) => writesCursive(hand.key, char, hand.joined));
  const letters = [{ ...hand.letters[0], styles: nearest(model, hand.style, chars) }];
  return { ...hand, letters, gap: defaultGap(hand.key, hand.joined), ...defaultExtenders(normals, hand.key) };
}

/** Of the styles in which the model writes characters as in joined writing, the nearest to a style each. */
function nearest(model: Model, style: Float32Array, chars: string[]): Record<string, number[]> {
  const { cursive } = model.tables;
  const far = (other: number[]) => style.reduce((sum, value, i) => sum + (value - Math.fround(other[i])) ** 2, 0);
  const first = (best: number[], other: number[]) => (far(other) < far(best) ? other : best);
  return Object.fromEntries(chars.filter((char) => cursive[char]).map((char) => [char, cursive[char].reduce(first)]));
}

function made(normals: Normals, name: string, style: Float32Array): Hand {
  const key = keyOf(style);
  const pen = defaultPen(normals, key);
  const letters = [{ key, weight: 1, forms: {}, style: null, styles: {}, chooser: null }];
  const joined = defaultShare(key, null);
  const plain = { gap: null, weight: 0, slant: 0, originals: null, known: null, smallCapitals: null };
  const short = { ascenders: 1, descenders: 1 };
  const unevenness = defaultUnevenness(normals, key, false);
  return { name, style, key, pen, letters, joined, joinedAfter: [], unevenness, ...plain, ...short };
}

function keyOf(style: Float32Array): bigint {
  // rounded: the last bits of a style that a graph computed are not the same on every machine
  return noiseKey("hand", ...Array.from(style, (number) => Math.floor(number * KEY_STEPS + 0.5)));
}

/** Which of the hand's `letters` the form of a character is of: weighted choice by exponential keys. */
function ownerOf({ letters }: Hand, char: string): Kept {
  if (letters.length === 1) return letters[0];
  const waits = letters.map(
    ({ key, weight }) => -Math.log1p(-uniforms(key, "hand", noiseKey("share", char), 1)[0]) / weight,
  );
  return letters[waits.indexOf(Math.min(...waits))];
}

/** Noise of this hand's own form of a character, the same for every text. */
export function letterNoise(hand: Hand, normals: Normals, char: string, size: number): Float32Array {
  const { key, forms } = ownerOf(hand, char);
  return normals.of(key, "hand", noiseKey("letter", char, ...(forms[char] ? [forms[char]] : [])), size);
}

/** The style in which that form is read well: of the hand that it is of. */
export function letterStyle(hand: Hand, char: string): Float32Array {
  const { style, styles } = ownerOf(hand, char);
  return styles[char] ? Float32Array.from(styles[char]) : (style ?? hand.style);
}

/** Between two hands, brought back to the length between theirs; their ink is nobody's then. */
function blended(a: Hand, b: Hand, share: number): Hand {
  if (!(share >= 0 && share <= 1)) throw new Refusal(`cannot blend by ${share}; give a number from 0 to 1`);
  const shares = [1 - share, share];
  const mix = (one: number, other: number) => shares[0] * one + shares[1] * other;
  const style = Float64Array.from(a.style, (value, i) => mix(value, b.style[i]));
  const length = norm(style);
  const target = mix(norm(a.style), norm(b.style));
  // sqrt(2) is what two independent draws of equal length need in the middle; opposite ones have no middle
  const stretch = length > 0 ? Math.min(Math.sqrt(2), target / length) : 1;
  const mixed = Float32Array.from(style, (value) => value * stretch);
  const letters = [a, b].flatMap((hand, i) =>
    hand.letters.map((kept) => ({ ...kept, weight: shares[i] * kept.weight, style: kept.style ?? hand.style })),
  );
  return {
    name: `${a.name}+${b.name}`.slice(0, MOST_NAMED),
    style: mixed,
    key: keyOf(mixed),
    pen: mix(a.pen, b.pen),
    letters: letters.filter(({ weight }) => weight),
    gap: a.gap === null || b.gap === null ? null : mix(a.gap, b.gap),
    weight: mix(a.weight, b.weight),
    slant: mix(a.slant, b.slant),
    joined: mix(a.joined, b.joined),
    joinedAfter: a.joinedAfter.flatMap(([letters, share]) => {
      const other = b.joinedAfter.find(([known]) => known === letters);
      return other ? [[letters, mix(share, other[1])]] : [];
    }),
    unevenness: mix(a.unevenness, b.unevenness),
    ascenders: geometric(a.ascenders, b.ascenders, shares),
    descenders: geometric(a.descenders, b.descenders, shares),
    smallCapitals: smallCapitalsOf([a, b], shares),
    originals: null,
    known: mixedLetters([
      [a.known, shares[0]],
      [b.known, shares[1]],
    ]),
  };
}

function geometric(one: number, other: number, shares: number[]): number {
  return Math.exp(shares[0] * Math.log(one) + shares[1] * Math.log(other));
}

/** As most of them write small letters: a hand that mixes both is nobody's. */
function smallCapitalsOf(hands: Hand[], shares: number[]): number | null {
  const those = hands.reduce((sum, hand, i) => sum + (hand.smallCapitals ? shares[i] : 0), 0);
  const height = hands.reduce((sum, hand, i) => sum + shares[i] * (hand.smallCapitals ?? 0), 0);
  return those > 0.5 ? height / those : null;
}

function norm(values: ArrayLike<number>): number {
  return Math.sqrt(Array.from(values).reduce((sum, value) => sum + value * value, 0));
}

async function saved(model: Model, normals: Normals, file: Record<string, unknown>): Promise<Hand> {
  const { styleSize, latentHash, spread, slots } = model.tables;
  const style = file.style as number[];
  const sound = Array.isArray(style) && style.length === styleSize && style.every((value) => Math.abs(value) <= 1e3);
  if (!FORMATS.includes(file.handsynth_hand) || !sound) {
    throw new Refusal("that is no saved hand (damaged?); use a copy of it, or learn it again");
  }
  if (file.model !== latentHash) {
    throw new Refusal(`the hand '${String(file.name)}' was made with another model; learn it again`);
  }
  if ((file.pen_kind ?? "round") !== "round") {
    throw new Refusal(`the hand writes with a ${String(file.pen_kind).slice(0, 30)}, which needs the installed studio`);
  }
  const number = (value: unknown) => (typeof value === "number" && Math.abs(value) <= 1e3 ? value : 0);
  const points = slots.reduce((sum, count) => sum + count, 0);
  const hand = made(normals, String(file.name).slice(0, MOST_NAMED), Float32Array.from(style));
  return {
    ...hand,
    pen: typeof file.pen === "number" ? number(file.pen) : hand.pen,
    letters: Array.isArray(file.letters) && file.letters.length ? file.letters.map((entry) => kept(entry, styleSize)) : hand.letters,
    gap: typeof file.gap === "number" ? number(file.gap) : null,
    weight: number(file.weight),
    slant: number(file.slant),
    joined: shareOf(file) ?? hand.joined,
    joinedAfter: sharesOf(file.joined_after),
    unevenness:
      typeof file.unevenness === "number"
        ? number(file.unevenness)
        : defaultUnevenness(normals, hand.key, Boolean(file.known || file.originals)),
    ascenders: lengthOf(file.ascenders),
    descenders: lengthOf(file.descenders),
    smallCapitals: typeof file.small_capitals === "number" ? number(file.small_capitals) || null : null,
    originals: file.originals ? await unpacked(file.originals as Record<string, unknown>, model.tables.frame) : null,
    known: file.known ? await unpackedLetters(file.known as Record<string, unknown>, spread.length, points) : null,
  };
}

/** Of extenders, beside the style's own. */
function lengthOf(times: unknown): number {
  return typeof times === "number" && times >= 0.5 && times <= 2 ? times : 1;
}

/** The share of joined pairs; files from before there was one, of people, print. */
function shareOf({ joined, known, originals }: Record<string, unknown>): number | null {
  if (typeof joined === "number" && joined >= 0 && joined <= 1) return joined;
  return known || originals ? 0 : null;
}

/** Shares of joined pairs after some letters. Throws a Refusal if they are damaged. */
function sharesOf(after: unknown): Shares {
  const found = Object.entries((after ?? {}) as Record<string, number>);
  const letters = found.map(([some]) => some).join("");
  const once = new Set(letters).size === letters.length && found.every(([some]) => /^[a-z]+$/.test(some));
  if (!once || !found.every(([, share]) => share >= 0 && share <= 1)) {
    throw new Refusal("that is no saved hand (damaged?); use a copy of it, or learn it again");
  }
  return found.sort(([a], [b]) => (a < b ? -1 : 1));
}

/** One entry of a .hand file's letters. Throws a Refusal if it is damaged. */
function kept({ key, weight, forms, style, styles }: Record<string, unknown>, styleSize: number): Kept {
  const share = Number(weight ?? 1);
  const own = Array.isArray(style) ? Float32Array.from(style as number[]) : null;
  const single = Object.entries((styles ?? {}) as Record<string, number[]>).map(
    ([char, numbers]) => [char, Float32Array.from(numbers)] as const,
  );
  const all = [...(own ? [own] : []), ...single.map(([, numbers]) => numbers)];
  const sound = all.every((numbers) => numbers.length === styleSize && numbers.every(Number.isFinite));
  if (typeof key !== "string" || !/^[0-9a-f]{16}$/i.test(key) || !(share > 0) || !sound) {
    throw new Refusal("the hand's letter forms are not usable; use a copy of it, or learn it again");
  }
  const numbers = Object.entries((forms ?? {}) as Record<string, number>).map(([char, form]) => [char, Number(form)]);
  const whole = { forms: Object.fromEntries(numbers), style: own, styles: Object.fromEntries(single) };
  return { key: BigInt(`0x${key}`), weight: share, ...whole, chooser: null };
}
