/** Letters that a person wrote, kept with the hand, each time a little different: handsynth/hands/originals.py. */

import type { Choice } from "../../engine";
import { sampler } from "./compose";
import { FAR, type Frame } from "./frame";
import { bytes, half, inflated } from "./half";
import type { Letters } from "./letters";
import { type Normals, type Seed, uniforms } from "./noise";
import { Refusal } from "./refusal";

/**
 * vary: the person's letters, drawn anew each time; always: their ink, where there is any; never: the style alone.
 */
export type Use = Choice<"originals">;

/** Fields of the letters of each character. */
export type Originals = Map<string, Float32Array[]>;

/** Drawings of the model that `vary` counts beside the ink of a character that no latent is known of. */
const DRAWN = 2;
const [SCALE, TURN, LEAN, BEND] = [0.05, 0.05, 0.06, 0.6];
/** Lengths of the bends, in px. */
const WAVES = [26, 17];
/** Fields are kept in whole numbers from -127 to 127. */
const STEP = 31.75;
const MOST = 4000;

/** The letters of a .hand file. Throws a Refusal if they are damaged. */
export async function unpacked(data: Record<string, unknown>, frame: Frame): Promise<Originals> {
  const chars = data.chars as string[];
  const area = frame.size ** 2;
  if (data.side !== frame.size || !Array.isArray(chars) || chars.length > MOST) {
    throw new Refusal("the hand's own letters are not usable; use a copy of it, or learn it again");
  }
  const whole = new Int8Array(await inflated(bytes(data.fields), chars.length * area));
  const result: Originals = new Map();
  chars.forEach((char, i) => {
    const letter = Float32Array.from(whole.subarray(i * area, (i + 1) * area), (value) =>
      half(Math.fround(value / STEP)),
    );
    result.set(char, [...(result.get(char) ?? []), letter]);
  });
  return result;
}

/** The ink that stands at a place, or null where the model draws. `known`: letters that can be drawn anew. */
export function chosen(
  originals: Originals,
  char: string,
  place: bigint,
  seed: Seed,
  use: Use,
  known: Letters | null,
): Float32Array | null {
  const letters = originals.get(char);
  // beside latents, ink is drawn where that of a letter was not found
  if (!letters || use === "never" || (use === "vary" && known?.latents.has(char))) return null;
  const drawn = uniforms(seed, "hand", place, 1)[0];
  const share = use === "always" || known ? 1 : letters.length / (letters.length + DRAWN);
  return drawn < share ? letters[Math.min(letters.length - 1, Math.floor((drawn / share) * letters.length))] : null;
}

/** A letter as it would be written another time. */
export function rewritten(
  letter: Float32Array,
  place: bigint,
  seed: Seed,
  temperature: number,
  frame: Frame,
  normals: Normals,
): Float32Array {
  const { size } = frame;
  const drawn = normals.of(seed, "hand", place, 12).subarray(1);
  const bend = Array.from(drawn.subarray(3, 7), (value) => value * BEND * temperature);
  const phase = Array.from(drawn.subarray(7, 11), (value) => value * Math.PI);
  const scale = Math.exp(SCALE * drawn[0] * temperature);
  const [turn, lean] = [TURN * drawn[1] * temperature, LEAN * drawn[2] * temperature];
  const [cos, sin] = [Math.cos(turn) / scale, Math.sin(turn) / scale];
  // about the middle of a small letter, so that nothing leaves the frame
  const middle = frame.baseline - frame.xheight / 2;
  const at = sampler(letter, size);
  const result = new Float32Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const [x, y] = [column + 0.5 - size / 2, middle - row - 0.5];
      let up = cos * y - sin * x;
      let across = cos * x + sin * y - lean * up;
      // strokes bend a little, each time elsewhere
      WAVES.forEach((length, number) => {
        const angle = (2 * Math.PI) / length;
        across += bend[2 * number] * Math.sin(angle * y + phase[2 * number]);
        up += bend[2 * number + 1] * Math.sin(angle * x + phase[2 * number + 1]);
      });
      const value = at(across + size / 2 - 0.5, middle - up - 0.5);
      result[row * size + column] = value > 0.98 * FAR ? value * scale : FAR;
    }
  }
  return result;
}
