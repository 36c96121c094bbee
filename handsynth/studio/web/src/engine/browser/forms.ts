/** Letter forms that random hands keep, chosen so that each is read as what it is: handsynth/drawing/forms.py. */

import DIALS from "../../dials.json";
import { drawn } from "./draw";
import { type Drawing, inked, isField } from "./drawing";
import type { Frame } from "./frame";
import type { Hand } from "./hand";
import type { Model } from "./model";
import type { Normals } from "./noise";
import { bounds } from "./paths";
import { noiseKey } from "./noisekey";

/** Forms that a letter may take at most. */
const TRIES = 16;
/** Drawings of a form, as they usually vary; it is worth as much as the worst of them. */
const COPIES = 3;
/** The reader gives a form that is taken at once so much to the character and its look-alikes. */
const WELL = 0.97;
/** A letter that reaches this much higher or lower than usual, in x-heights, is trusted by this share only. */
const [OFF, DOUBT] = [0.32, 0.5];
const { temperature, variation } = DIALS.defaults.line;
const TRIAL = { seed: 0, temperature, variation, legibility: 1, width: null, lean: 0, use: "never" } as const;
/** Of characters that one cannot tell apart by shape alone: handsynth/text/lookalikes.py. */
const LOOKALIKES = ["0Oo", "1lI|", "'`", ...Array.from("ckopsuvwxyzmijl", (char) => char + char.toUpperCase())];

/** Choose what `hand` has not yet chosen of the forms of characters, given by their numbers. */
export async function settle(model: Model, normals: Normals, hand: Hand, chars: number[]): Promise<void> {
  for (const { chooser, forms } of hand.letters) {
    if (chooser) await choose(model, normals, chooser, forms, chars);
  }
}

async function choose(model: Model, normals: Normals, hand: Hand, forms: Record<string, number>, chars: number[]) {
  const { charset, frame } = model.tables;
  let todo = [...new Set(chars)].filter((char) => !(charset[char] in forms));
  const best = new Map<number, number>();
  for (let form = 0; form < TRIES && todo.length; form++) {
    const trial = Object.fromEntries(todo.map((char) => [charset[char], form]));
    const { styles } = hand.letters[0];
    const letters = [{ key: hand.key, weight: 1, forms: trial, style: null, styles, chooser: null }];
    const copies = Array.from({ length: COPIES }, (_, copy) => copy);
    const wanted = copies.flatMap((copy) =>
      todo.map((char) => ({ char, place: noiseKey("form", charset[char], copy), free: false })),
    );
    const drawings = await drawn(model, normals, { hand: { ...hand, letters, ascenders: 1, descenders: 1 }, ...TRIAL }, wanted);
    const read = await model.read(drawings.map((drawing) => inked(drawing, frame)));
    const trusted = wanted.map(({ char }, i) => {
      const sure = alike(charset, char).reduce((sum, other) => sum + Math.exp(read[i][other]), 0);
      return Math.abs(top(drawings[i], frame) - model.tables.tops[char]) <= OFF ? sure : sure * DOUBT;
    });
    const found = todo.map((_, i) => Math.min(...copies.map((copy) => trusted[copy * todo.length + i])));
    todo.forEach((char, i) => {
      if (!(found[i] > (best.get(char) ?? -1))) return;
      best.set(char, found[i]);
      forms[charset[char]] = form;
    });
    todo = todo.filter((_, i) => found[i] < WELL);
  }
}

/** How high the ink of a drawing reaches, in x-heights: s and S are told apart by that alone. */
function top(drawing: Drawing, frame: Frame): number {
  const box = isField(drawing) ? null : bounds(drawing);
  return box ? (frame.baseline - box[1]) / frame.xheight : 0;
}

/** The characters that count as the same as one. */
function alike(charset: string[], char: number): number[] {
  const texts = LOOKALIKES.filter((group) => group.includes(charset[char])).join("");
  return [...new Set([char, ...Array.from(texts, (text) => charset.indexOf(text))])].filter((other) => other >= 0);
}
