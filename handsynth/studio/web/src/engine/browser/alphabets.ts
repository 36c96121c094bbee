/** Greek and Cyrillic letters of the bank as a hand draws them: handsynth/alphabets. */

import DIALS from "../../dials.json";
import type { Pen, Wanted } from "./draw";
import { type Drawing, isField, sheared } from "./drawing";
import { stretched } from "./extenders";
import type { Frame } from "./frame";
import { type Hand, letterNoise } from "./hand";
import { type Build, type Likeness, fitted, isCapital, likeness, nearest } from "./likeness";
import type { Model } from "./model";
import type { Normals } from "./noise";
import { type Paths, splined } from "./paths";
import { noiseKey } from "./noisekey";

/** The bank, as handsynth/studio/static.py writes it (model/alphabets.json). */
export interface BankFile {
  /** x-heights in a step of its numbers. */
  unit: number;
  probes: string;
  /** Of each writer the strokes of its letters, x and y in turn. */
  writers: Record<string, number[][]>[];
}

export interface Bank {
  probes: string;
  letters: Record<string, Float32Array[]>[];
  writers: Likeness[];
}

/** What a hand makes of the bank. */
export interface Alphabet {
  order: number[];
  build: Build;
}

type Draw = (model: Model, normals: Normals, pen: Pen, wanted: Wanted[]) => Promise<Drawing[]>;

const { fround, PI } = Math;
const WAVES = 3;
const BENT = 0.045;
const [TURNED, LEANT, STRETCHED, RAISED] = [0.035, 0.05, 0.06, 0.02];
const LOOSE = 0.022;
const STROKES = 8;
const COUNT = WAVES * WAVES - 1;
export const NOISE = 5 + 2 * COUNT + 2 * STROKES;
const [LEFT, WIDTH, FOOT, HEIGHT] = [-1, 2, -0.7, 2.4];
const WARMTH = DIALS.defaults.line.temperature;

const banks = new WeakMap<Model, Promise<Bank>>();
const known = new WeakMap<Hand, Map<string, Promise<Alphabet>>>();

/** Drawings of letters that no charset has; `latin` draws those that it has. */
export async function letters(
  model: Model,
  normals: Normals,
  pen: Pen,
  wanted: Wanted[],
  latin: Draw,
): Promise<Paths[]> {
  const { charset, foreign, frame } = model.tables;
  const all = await bankOf(model);
  const alphabet = await alphabetOf(model, normals, pen, all, latin);
  const width = fround((pen.width ?? pen.hand.pen) * frame.xheight);
  return wanted.map(({ char, place: where }) => {
    const letter = foreign[char - charset.length];
    const noise = mixed(pen, letter, normals, where);
    const paths = stretched(drawn(all, alphabet, letter, noise, width, frame), pen.hand, frame);
    return pen.lean ? sheared(paths, pen.lean, frame) : paths;
  });
}

export function opened({ unit, probes, writers }: BankFile): Bank {
  const scaled = (strokes: number[][]) => strokes.map((points) => Float32Array.from(points, (value) => value * unit));
  const all = writers.map((one) =>
    Object.fromEntries(Object.entries(one).map(([char, strokes]) => [char, scaled(strokes)])),
  );
  return {
    probes,
    letters: all,
    writers: all.map((own) =>
      likeness(
        probes,
        Array.from(probes, (char) => own[char]),
      ),
    ),
  };
}

/** The alphabet of a hand, from the strokes of its probes in frame px. */
export function alphabetFrom(bank: Bank, probes: Paths[], { size, baseline, xheight }: Frame): Alphabet {
  const about = (points: Float32Array) =>
    Float64Array.from(points, (value, i) => (i % 2 ? -(value - baseline) / xheight : (value - size / 2) / xheight));
  const own = likeness(
    bank.probes,
    probes.map((paths) => splined(paths, 4).strokes.map(about)),
  );
  return { order: nearest(bank.probes, own, bank.writers), build: own.build };
}

/** A letter under `noise` [NOISE], in frame px. */
export function drawn(
  bank: Bank,
  { order, build }: Alphabet,
  char: string,
  noise: Float32Array,
  width: number,
  { size, baseline, xheight }: Frame,
): Paths {
  const writer = order.find((number) => char in bank.letters[number])!;
  const fit = bank.letters[writer][char].map((points, stroke) =>
    fitted(bent(points, stroke, noise), isCapital(char), build, bank.writers[writer].build),
  );
  const across = fit.flatMap((points) => Array.from(points).filter((_, i) => i % 2 === 0));
  const middle = (Math.min(...across) + Math.max(...across)) / 2;
  const strokes = fit.map((points) =>
    Float32Array.from(points, (value, i) => (i % 2 ? baseline - value * xheight : (value - middle) * xheight + size / 2)),
  );
  return { strokes, width };
}

/** Points of a stroke, moved smoothly: strokes that meet still do, but for their own looseness. */
function bent(points: Float32Array, stroke: number, noise: Float32Array): Float64Array {
  const [turn, lean, wide, high, up] = [TURNED, LEANT, STRETCHED, STRETCHED, RAISED].map((by, i) => by * noise[i]);
  const result = new Float64Array(points.length);
  for (let at = 0; at < points.length; at += 2) {
    const [x, y] = [points[at], points[at + 1]];
    const u = PI * Math.min(1, Math.max(0, (x - LEFT) / WIDTH));
    const v = PI * Math.min(1, Math.max(0, (y - FOOT) / HEIGHT));
    for (let axis = 0; axis < 2; axis++) {
      let value = points[at + axis] + (axis ? turn * x + high * y + up : wide * x + (lean - turn) * y);
      value += LOOSE * noise[5 + 2 * COUNT + axis * STROKES + (stroke % STROKES)];
      for (let wave = 0, i = 0; i < WAVES; i++) {
        for (let j = 0; j < WAVES; j++) {
          if (!i && !j) continue;
          value += (BENT / (i + j)) * Math.cos(i * u) * Math.cos(j * v) * noise[5 + axis * COUNT + wave];
          wave++;
        }
      }
      result[at + axis] = value;
    }
  }
  return result;
}

/** In part what the hand keeps for the letter, in part the place's. */
function mixed({ hand, seed, temperature, variation }: Pen, letter: string, normals: Normals, where: bigint) {
  const kept = letterNoise(hand, normals, letter, NOISE);
  const own = normals.of(seed, "glyph", where ^ hand.key, NOISE);
  const [share, heat] = [fround(variation), fround(temperature)];
  const still = fround(Math.sqrt(fround(1 - fround(share * share))));
  return kept.map((value, i) => heat * fround(fround(still * value) + fround(share * own[i])));
}

function bankOf(model: Model): Promise<Bank> {
  let found = banks.get(model);
  if (!found) banks.set(model, (found = model.alphabets().then(opened)));
  return found;
}

function alphabetOf(model: Model, normals: Normals, pen: Pen, bank: Bank, latin: Draw): Promise<Alphabet> {
  const { hand, use } = pen;
  const mine = known.get(hand) ?? new Map<string, Promise<Alphabet>>();
  known.set(hand, mine);
  let found = mine.get(use);
  if (!found) {
    const { charset, frame } = model.tables;
    // the lean that is asked for is none of the hand's: it changes no letter's form; nor do its extenders
    const short = { ...hand, ascenders: 1, descenders: 1 };
    const still = { ...pen, hand: short, seed: 0, temperature: WARMTH, variation: 0, legibility: 1, lean: 0 };
    const probes = Array.from(bank.probes, (char) => ({
      char: charset.indexOf(char),
      place: noiseKey("alphabet", char),
      free: true,
    }));
    found = latin(model, normals, still, probes).then((drawings) =>
      alphabetFrom(bank, drawings.filter((one): one is Paths => !isField(one)), frame),
    );
    mine.set(use, found);
  }
  return found;
}
