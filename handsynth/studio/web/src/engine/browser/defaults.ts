/** What a hand is like of which only its key is known. handsynth/hands/defaults.py, cursive.py. */

import type { Extenders } from "./extenders";
import { type Normals, uniforms } from "./noise";
import { noiseKey } from "./noisekey";

/** The usual pen's width in x-heights, its spread as a share, the finest and the broadest. */
const [PEN, PEN_SPREAD, FINEST, BROADEST] = [0.125, 0.18, 0.07, 0.22];
/** Shares of hands, and up to which gap their letters stand apart, in x-heights. */
const GAPS = [
  [0, 0.1, 0.25, 0.5, 0.75, 0.9, 1],
  [0.1, 0.2, 0.32, 0.42, 0.49, 0.55, 0.66],
];
/**
 * So much of it is missing to hands that join all letters, nothing to those that join no larger share than the second
 * number; none of them comes closer than the third.
 */
const [CLOSER, PRINTED, CLOSEST] = [0.65, 0.15, 0.16];
/** The evenest hand and the most uneven one, the spread of what lies between, and that of the square. */
const [EVENEST, UNEVENEST, SPREAD, SQUARE] = [0.5, 1.5, 0.35, 0.06];
/** How long extenders are beside the style's own: the middle, the spread of its logarithm, the shortest, the longest. */
const ASCENDERS = [1, 0.05, 0.9, 1.2];
const DESCENDERS = [1.15, 0.15, 0.9, 1.7];
/** Hands that join no larger share print all letters; of those that join so many, this share writes d, r, s joined. */
const [PRINTS, CURSIVE, MOST] = [0.1, 0.5, 0.7];
/** How uneven are hands of the gallery, and those of people who wrote letter by letter, beside random ones. */
const NEAT = 0.4;

/** Width of the pen, in x-heights. */
export function defaultPen(normals: Normals, key: bigint): number {
  return Math.min(BROADEST, Math.max(FINEST, PEN * (1 + PEN_SPREAD * normal(normals, key, "pen"))));
}

/** Clear space between straight stems, in x-heights, of a hand that joins this share of its letters. */
export function defaultGap(key: bigint, joined: number): number {
  const at = uniforms(key, "hand", noiseKey("gap"), 1)[0];
  const [shares, gaps] = GAPS;
  const n = Math.max(1, shares.findIndex((share) => share >= at));
  const gap = gaps[n - 1] + ((gaps[n] - gaps[n - 1]) / (shares[n] - shares[n - 1])) * (at - shares[n - 1]);
  const closer = (CLOSER * Math.max(joined - PRINTED, 0)) / (1 - PRINTED);
  return Math.max(gap * (1 - closer), Math.min(gap, CLOSEST));
}

/** Whether it writes a letter as in joined writing, of which there is another form. */
export function writesCursive(key: bigint, char: string, joined: number): boolean {
  return uniforms(key, "hand", noiseKey("cursive", char), 1)[0] < MOST * Math.min((joined - PRINTS) / (CURSIVE - PRINTS), 1);
}

/** How long its ascenders and its descenders are beside those of its style. */
export function defaultExtenders(normals: Normals, key: bigint): Extenders {
  const length = ([middle, spread, shortest, longest]: number[], name: string) =>
    Math.min(longest, Math.max(shortest, middle * Math.exp(spread * normal(normals, key, name))));
  return { ascenders: length(ASCENDERS, "extenders"), descenders: length(DESCENDERS, "descenders") };
}

/** How far letters stray, 1 as those of most people; less by neat hands. */
export function defaultUnevenness(normals: Normals, key: bigint, neat: boolean): number {
  const drawn = normal(normals, key, "unevenness");
  const strays = Math.min(UNEVENEST, Math.max(EVENEST, 1 + SPREAD * drawn + SQUARE * drawn * drawn));
  return neat ? NEAT * strays : strays;
}

function normal(normals: Normals, key: bigint, name: string): number {
  return normals.of(key, "hand", noiseKey(name), 1)[0];
}
