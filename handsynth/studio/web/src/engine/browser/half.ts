/** Numbers of 16 bits (IEEE 754 binary16), as which the layout keeps fields and files keep latents; packed bytes. */

import { Refusal } from "./refusal";

const DOUBLE = new Float64Array(1);
const WORDS = new Uint32Array(DOUBLE.buffer); // little-endian, as WebAssembly needs it too
/** Adding and taking away this rounds to a whole number, ties to the even one. */
const WHOLE = 1.5 * 2 ** 52;

/** The nearest such number, ties to the even one. Fields lie within ±4: nothing overflows here. */
export function half(value: number): number {
  DOUBLE[0] = value;
  const exponent = ((WORDS[1] >>> 20) & 0x7ff) - 1023;
  // eleven bits of a normal number, fixed steps below 2^-14
  const step = 2 ** (Math.max(exponent, -14) - 10);
  return (value / step + WHOLE - WHOLE) * step;
}

/** The bytes that base64 holds; none where it is damaged. */
export function bytes(text: unknown): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(String(text)), (char) => char.charCodeAt(0));
  } catch {
    return new Uint8Array();
  }
}

/** The numbers of such bytes, little-endian; NaN for what is none or not finite. */
export function halves(raw: Uint8Array): Float32Array {
  return Float32Array.from({ length: Math.ceil(raw.length / 2) }, (_, i) => {
    const word = raw[2 * i] | (raw[2 * i + 1] << 8);
    const [exponent, part] = [(word >> 10) & 31, word & 1023];
    if (exponent === 31) return NaN;
    // eleven bits of a normal number, fixed steps below 2^-14
    const size = exponent ? (1024 + part) * 2 ** (exponent - 25) : part * 2 ** -24;
    return word >> 15 ? -size : size;
  });
}

/** Exactly so many bytes, however much it would become. Throws a Refusal if they are damaged. */
export async function inflated(packed: Uint8Array<ArrayBuffer>, size: number): Promise<ArrayBuffer> {
  const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate")).getReader();
  const result = new Uint8Array(size);
  let at = 0;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      if (at + part.value.length > size) break;
      result.set(part.value, at);
      at += part.value.length;
    }
  } catch {
    at = -1; // no packed bytes, or cut short
  }
  if (at !== size) throw new Refusal("the hand's own letters are damaged; use a copy of it, or learn it again");
  return result.buffer;
}
