/** Philox4x32-10 (Salmon, Moraes, Dror, Shaw, SC 2011), as in handsynth/noise.py: the same words, bit for bit. */

const MULTIPLIERS = [0xd2511f53, 0xcd9e8d57] as const;
const WEYL = [0x9e3779b9, 0xbb67ae85] as const;

export type Block = [number, number, number, number];

/** The four words that the block `counter` gives under the key (low, high); all are numbers below 2^32. */
export function philox(counter: Block, low: number, high: number): Block {
  let [a, b, c, d] = counter;
  for (let round = 0; round < 10; round++) {
    const high0 = upper(a, MULTIPLIERS[0]);
    const high1 = upper(c, MULTIPLIERS[1]);
    const low0 = Math.imul(a, MULTIPLIERS[0]);
    const low1 = Math.imul(c, MULTIPLIERS[1]);
    [a, b, c, d] = [(high1 ^ b ^ low) >>> 0, low1 >>> 0, (high0 ^ d ^ high) >>> 0, low0 >>> 0];
    low = (low + WEYL[0]) >>> 0;
    high = (high + WEYL[1]) >>> 0;
  }
  return [a, b, c, d];
}

/** The upper 32 bits of a product of two 32-bit words, from products of halves that a float64 holds. */
function upper(a: number, b: number): number {
  const [a0, a1, b0, b1] = [a & 0xffff, a >>> 16, b & 0xffff, b >>> 16];
  const middle = a1 * b0 + ((a0 * b0) >>> 16);
  const crossed = a0 * b1 + (middle & 0xffff);
  return (a1 * b1 + Math.floor(middle / 0x10000) + Math.floor(crossed / 0x10000)) >>> 0;
}
