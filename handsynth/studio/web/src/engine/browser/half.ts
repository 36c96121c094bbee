/** Numbers of 16 bits (IEEE 754 binary16), as which the layout keeps fields. */

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
