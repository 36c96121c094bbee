import { describe, expect, it } from "vitest";

import { half, halves } from "../src/engine/browser/half";
import { type Letters, chosen, mixed, reach, unpacked } from "../src/engine/browser/letters";
import { Refusal } from "../src/engine/browser/refusal";

const packed = (...words: number[]) =>
  btoa(String.fromCharCode(...new Uint8Array(Uint16Array.from(words).buffer)));
const [ONE, TWO, MINUS_HALF, INFINITE] = [0x3c00, 0x4000, 0xb800, 0x7c00];
const file = { chars: ["a", "b", "a"], steady: 0.9, latents: packed(ONE, TWO, TWO, TWO, MINUS_HALF, 0) };
const of = (steady: number, latents: Record<string, number[][]>): Letters => ({
  steady,
  latents: new Map(
    Object.entries(latents).map(([char, rows]) => [
      char,
      rows.map((row) => ({ latent: Float32Array.from(row), offsets: null })),
    ]),
  ),
});

/** Offsets of one point of each letter in thirty-seconds of a px, as files pack them. */
async function moves(...steps: number[]): Promise<string> {
  const packer = new Blob([Int8Array.from(steps)]).stream().pipeThrough(new CompressionStream("deflate"));
  return btoa(String.fromCharCode(...new Uint8Array(await new Response(packer).arrayBuffer())));
}

describe("numbers of half precision", () => {
  it("are read as they were written", () => {
    for (let word = 0; word < 1 << 16; word++) {
      const [value] = halves(Uint8Array.of(word & 255, word >> 8));
      if (((word >> 10) & 31) === 31) expect(value).toBeNaN();
      else if (half(value) !== value) throw new Error(`${word} is read as ${value}`);
    }
    expect([...halves(Uint8Array.of(0, 0x3c, 1, 0, 0xff, 0x7b, 0, 0xb8))]).toEqual([1, 2 ** -24, 65504, -0.5]);
  });
});

describe("letters of a hand", () => {
  it("are read from its file", async () => {
    const { latents, steady } = await unpacked(file, 2, 1);
    expect(steady).toBe(0.9);
    expect(latents.get("a")!.map(({ latent }) => [...latent])).toEqual([[1, 2], [-0.5, 0]]);
    expect(latents.get("b")!.map(({ latent, offsets }) => [[...latent], offsets])).toEqual([[[2, 2], null]]);
  });

  it("have offsets where their file does", async () => {
    const { latents } = await unpacked({ ...file, offsets: await moves(32, -16, 1, 0, -128, 127) }, 2, 1);
    expect(latents.get("a")!.map(({ offsets }) => [...offsets!])).toEqual([[1, -0.5], [-127 / 32, 127 / 32]]);
    expect(latents.get("b")!.map(({ offsets }) => [...offsets!])).toEqual([[1 / 32, 0]]);
  });

  it("are refused where their offsets are of another number", async () => {
    for (const offsets of ["", "no base64", await moves(1, 2, 3, 4, 5), await moves(1, 2, 3, 4, 5, 6, 7)]) {
      await expect(unpacked({ ...file, offsets }, 2, 1)).rejects.toThrow(Refusal);
    }
  });

  it.each([
    { chars: [] }, { chars: ["a", "b", 3] }, { chars: "aba" }, { steady: -1 }, { steady: "1" }, { latents: "no base64" },
    { latents: "" }, { latents: packed(ONE) }, { latents: packed(ONE, ONE, ONE, ONE, ONE, INFINITE) },
    { latents: btoa("\0".repeat(13)) }, { latents: null },
  ])("are refused where they are damaged: %j", async (change) => {
    await expect(unpacked({ ...file, ...change }, 2, 1)).rejects.toThrow(Refusal);
    await expect(unpacked({ ...file, latents: "" }, 0, 1)).rejects.toThrow(Refusal);
  });

  it("stand where chance puts them, each of a character as often", async () => {
    const letters = await unpacked(file, 2, 1);
    const first = Array.from({ length: 200 }, (_, i) => chosen(letters, "a", BigInt(i), 3)!.latent[0]);
    expect(first.filter((value) => value === 1).length).toBeGreaterThan(70);
    expect(first.filter((value) => value === -0.5).length).toBeGreaterThan(70);
    expect(chosen(letters, "c", 1n, 3)).toBeNull();
  });

  it("differ as much as copies do, at most twice", () => {
    expect([...reach(1, [1, 0.5], 0.25)]).toEqual([1, 0.5]);
    expect([...reach(0.5, [1, 0.5], 1)]).toEqual([1, 0.5]);
    expect([...reach(1, [1], 0)]).toEqual([0]);
  });

  it("are mixed where both hands know them, and have a middle", () => {
    const both = mixed([
      [of(1, { a: [[0, 0], [9, 9]], b: [[1, 1]], c: [[0, 0]] }), 0.25],
      [of(0.5, { c: [[4, 4]], a: [[0.4, 0]] }), 0.75],
    ])!;
    expect([...both.latents.keys()]).toEqual(["a", "c"]);
    expect(both.latents.get("a")![0].latent[0]).toBeCloseTo(0.3);
    expect([...both.latents.get("c")![0].latent]).toEqual([4, 4]);
    expect(both.steady).toBeCloseTo(0.625);
  });

  it("are mixed with their offsets, in whole steps", () => {
    const moved = (x: number): Letters => ({
      steady: 1,
      latents: new Map([["a", [{ latent: Float32Array.of(0), offsets: Float32Array.of(x, -x) }]]]),
    });
    const offsets = (parts: [Letters, number][]) => [...mixed(parts)!.latents.get("a")![0].offsets!];
    expect(offsets([[moved(1), 0.5], [moved(2 + 1 / 32), 0.5]])).toEqual([1 + 17 / 32, -1 - 16 / 32]);
    expect(offsets([[moved(1), 0.25], [of(1, { a: [[0]] }), 0.75]])).toEqual([0.25, -0.25]);
  });

  it("are nobody's beside a hand that knows none", () => {
    const mine = of(1, { a: [[1]] });
    expect(mixed([[mine, 0.5], [null, 0.5]])).toBeNull();
    expect(mixed([[mine, 0.5], [of(1, { b: [[1]] }), 0.5]])).toBeNull();
    expect(mixed([[mine, 1], [null, 0]])!.latents.has("a")).toBe(true);
  });
});
