import { describe, expect, it } from "vitest";

import { Normals, uniforms, words } from "../src/engine/browser/noise";
import { type Block, philox } from "../src/engine/browser/philox";
import { noiseKey, wtf8 } from "../src/engine/browser/noisekey";

const hex = (words: ArrayLike<number>) => Array.from(words, (word) => word.toString(16).padStart(8, "0")).join(" ");

describe("Philox4x32-10", () => {
  // kat_vectors of Random123, the library of the generator's authors
  it.each<[Block, number, number, string]>([
    [[0, 0, 0, 0], 0, 0, "6627e8d5 e169c58d bc57ac4c 9b00dbd8"],
    [[0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff], 0xffffffff, 0xffffffff, "408f276d 41c83b0e a20bc7c6 6d5451fd"],
    [[0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], 0xa4093822, 0x299f31d0, "d16cfe09 94fdcceb 5001e420 24126ea1"],
  ])("gives the published words", (counter, low, high, expected) => {
    expect(hex(philox(counter, low, high))).toBe(expected);
  });
});

describe("words", () => {
  it("are the first of a longer row", () => {
    const long = words(7, "glyph", 12345678901234567890n, 23);
    expect([...words(7, "glyph", 12345678901234567890n, 5)]).toEqual([...long.subarray(0, 5)]);
  });

  it("differ by seed, stream and place", () => {
    const rows = [
      words(7, "glyph", 1n, 4),
      words(8, "glyph", 1n, 4),
      words(7, "hand", 1n, 4),
      words(7, "glyph", 2n, 4),
    ];
    expect(new Set(rows.map(hex)).size).toBe(4);
  });

  it("take every bit of a seed and a place", () => {
    expect(hex(words(2n ** 40n, "glyph", 0n, 4))).not.toBe(hex(words(0n, "glyph", 0n, 4)));
    expect(hex(words(0, "glyph", 2n ** 40n, 4))).not.toBe(hex(words(0, "glyph", 0n, 4)));
  });
});

describe("uniform numbers", () => {
  it("are multiples of 2^-24 below 1", () => {
    for (const value of uniforms(1, "layout", 3n, 500)) {
      expect(value >= 0 && value < 1 && Number.isInteger(value * 2 ** 24)).toBe(true);
    }
  });
});

describe("normal numbers", () => {
  const straight = new Normals(Float64Array.from({ length: 32 * 64 + 1 }, (_, i) => i - 2048));

  it("take their sign from the top bit", () => {
    const [positive, negative] = straight.fromWords(Uint32Array.of(0x80001234, 0x00001234));
    expect(positive).toBe(-negative);
  });

  it("lie between the quantiles of their octave", () => {
    // 2m + 1 = 2^20 + 2^19 + 1 is a little above the middle of the octave that begins with 2^20
    const [value] = straight.fromWords(Uint32Array.of(0xc0000));
    expect(value).toBeCloseTo(20 * 64 + 32 - 2048, 3);
  });
});

describe("a place", () => {
  it("tells parts apart, and numbers from text", () => {
    const places = [noiseKey("ab", "c"), noiseKey("a", "bc"), noiseKey("abc"), noiseKey("1"), noiseKey(1), noiseKey("ab", "c", 0)];
    expect(new Set(places).size).toBe(places.length);
  });

  it("writes lone surrogates as if they were characters", () => {
    expect(wtf8("aé€😀\ud800")).toEqual([97, 0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80, 0xed, 0xa0, 0x80]);
  });
});
