/** Noise that depends only on (seed, stream, place): handsynth/noise.py, bit for bit. */

import { philox } from "./philox";

/** Part of the format, never reused. */
export const STREAMS = { glyph: 0, hand: 1, layout: 2, paper: 3, fault: 4, corpus: 5 } as const;
export type Stream = keyof typeof STREAMS;

export type Seed = number | bigint;

const SEGMENTS = 64;

/** Random 32-bit words of one place. More words begin with the fewer. */
export function words(seed: Seed, stream: Stream, place: bigint, size: number): Uint32Array {
  const key = BigInt(seed);
  const [low, high] = [Number(key & 0xffffffffn), Number(key >> 32n)];
  const [near, far] = [Number(place & 0xffffffffn), Number(place >> 32n)];
  const result = new Uint32Array(Math.ceil(size / 4) * 4);
  for (let block = 0; block * 4 < size; block++) {
    result.set(philox([block, STREAMS[stream], near, far], low, high), block * 4);
  }
  return result.subarray(0, size);
}

/** Uniform numbers in [0, 1), multiples of 2^-24. */
export function uniforms(seed: Seed, stream: Stream, place: bigint, size: number): Float32Array {
  return Float32Array.from(words(seed, stream, place, size), (word) => (word >>> 8) * 2 ** -24);
}

/** Standard normal numbers by the table of quantiles of the model's data. */
export class Normals {
  constructor(private readonly quantiles: Float64Array) {}

  of(seed: Seed, stream: Stream, place: bigint, size: number): Float32Array {
    return this.fromWords(words(seed, stream, place, size));
  }

  /** One word makes one number: the top bit is the sign, the others choose the place in the table. */
  fromWords(drawn: Uint32Array): Float32Array {
    const result = new Float32Array(drawn.length);
    for (let i = 0; i < drawn.length; i++) {
      const odd = (drawn[i] & 0x7fffffff) * 2 + 1;
      const exponent = 32 - Math.clz32(odd);
      const position = ((odd / 2 ** exponent) * 2 - 1) * SEGMENTS;
      const segment = Math.floor(position);
      const index = (exponent - 1) * SEGMENTS + segment;
      const lower = this.quantiles[index];
      const value = lower + (position - segment) * (this.quantiles[index + 1] - lower);
      result[i] = drawn[i] >>> 31 ? -value : value;
    }
    return result;
  }
}
