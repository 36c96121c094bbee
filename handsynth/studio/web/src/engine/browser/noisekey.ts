/** Keys of noise, from names and numbers: `key_of` of handsynth/noise.py. */

import { blake2b } from "@noble/hashes/blake2.js";

/**
 * A 64-bit key: BLAKE2b of each part as `s<bytes>:<UTF-8>` or `i<digits>:<decimal>`, so that ("ab", "c") and
 * ("a", "bc") differ, and so do 1 and "1".
 */
export function noiseKey(...parts: (string | number | bigint)[]): bigint {
  const bytes: number[] = [];
  for (const part of parts) {
    const raw = typeof part === "string" ? wtf8(part) : wtf8(part.toString());
    bytes.push(...wtf8(`${typeof part === "string" ? "s" : "i"}${raw.length}:`), ...raw);
  }
  const digest = blake2b(Uint8Array.from(bytes), { dkLen: 8 });
  return new DataView(digest.buffer, digest.byteOffset, 8).getBigUint64(0, true);
}

/** UTF-8, lone surrogates as if they were characters: TextEncoder would make them all alike. */
export function wtf8(text: string): number[] {
  const bytes: number[] = [];
  for (const char of text) {
    const code = char.codePointAt(0)!;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
  }
  return bytes;
}
