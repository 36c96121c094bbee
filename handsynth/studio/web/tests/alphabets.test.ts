import { describe, expect, it } from "vitest";

import { type BankFile, NOISE, alphabetFrom, drawn, opened } from "../src/engine/browser/alphabets";

const frame = { size: 64, baseline: 45, xheight: 18 };
const probes = "aceopuxybdhklmnrstvwgqABCDEHKLMNOPRSTX";
const still = new Float32Array(NOISE);

/** Letters of two stems, so wide, high and slanted; x-heights, y up. */
function letter(char: string, wide: number, high: number, slant: number): number[][] {
  const top = high * (char !== char.toLowerCase() || "bdhkl".includes(char) ? 1.5 : 1);
  const foot = "gpqy".includes(char) ? -0.5 : 0;
  return [-wide, wide].map((x) => [x + slant * top, top, x + slant * foot, foot]);
}

function writer(wide: number, high: number, slant: number): Record<string, number[][]> {
  return Object.fromEntries(Array.from(probes, (char) => [char, letter(char, wide, high, slant)]));
}

const upright = { ...writer(0.25, 1, 0), ж: [[-0.2, 1, 0, 0.5, 0.2, 0]] };
const file: BankFile = {
  unit: 1,
  probes,
  writers: [{ ...upright, a: [[0, 1, 0, 0]] }, upright, { ...writer(0.25, 1, 0), Ж: [[-0.4, 1.5, 0.4, 0]] }],
};

/** A hand's drawings in frame px. */
function hand(wide: number, high: number, slant: number, width = 2) {
  const px = (points: number[]) =>
    Float32Array.from(points, (value, i) => (i % 2 ? frame.baseline - 18 * value : frame.size / 2 + 18 * value));
  return Array.from(probes, (char) => ({ width, strokes: letter(char, wide, high, slant).map(px) }));
}

describe("letters of the bank", () => {
  const bank = opened(file);

  it("come from the writer whose Latin letters are likest, then from the next", () => {
    const { order } = alphabetFrom(bank, hand(0.25, 1, 0), frame);
    expect(order).toEqual([1, 2, 0]);
    expect(drawn(bank, { order, build: bank.writers[1].build }, "Ж", still, 2, frame).strokes).toHaveLength(1);
  });

  it("are given the slant, height and width of the hand", () => {
    const { strokes, width } = drawn(bank, alphabetFrom(bank, hand(0.3, 1.1, 0.2), frame), "ж", still, 3, frame);
    expect(width).toBe(3);
    const [left, top, , , right, foot] = strokes[0];
    expect(foot).toBeCloseTo(45, 4);
    expect(top).toBeCloseTo(45 - 18 * 1.1, 4);
    // 0.4 wide to the right, stretched by 1.2, less the slant over the height
    expect(right - left).toBeCloseTo(18 * (0.4 * 1.2 - 0.2 * 1.1), 4);
    expect((left + right) / 2).toBeCloseTo(32, 4);
  });

  it("differ by their noise, a little", () => {
    const alphabet = alphabetFrom(bank, hand(0.25, 1, 0), frame);
    const plain = drawn(bank, alphabet, "ж", still, 2, frame).strokes[0];
    const other = drawn(bank, alphabet, "ж", still.map((_, i) => Math.sin(i)), 2, frame).strokes[0];
    const apart = plain.map((value, i) => Math.abs(value - other[i]));
    expect(Math.max(...apart)).toBeGreaterThan(0.1);
    expect(Math.max(...apart)).toBeLessThan(6);
  });
});
