/** Numbers of 16 bits (IEEE 754 binary16), as which the layout keeps fields. */

/** The nearest such number, ties to the even one. Fields lie within ±4: nothing overflows here. */
export function half(value: number): number {
  const size = Math.abs(value);
  if (size === 0) return value;
  // eleven bits of a normal number, fixed steps below 2^-14
  const step = 2 ** (Math.max(Math.floor(Math.log2(size)), -14) - 10);
  const whole = value / step;
  const below = Math.floor(whole);
  const part = whole - below;
  const up = part > 0.5 || (part === 0.5 && below % 2 !== 0);
  return (up ? below + 1 : below) * step;
}
