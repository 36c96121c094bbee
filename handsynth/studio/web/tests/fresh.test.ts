import { describe, expect, test } from "vitest";

import { movementIn, fitted, lasts } from "../src/movement";
import { matched, shares, wordsOf } from "../src/ui/fresh";

const written = (words: string[]) => words.map(() => 1);
const after = (before: string, now: string, parts?: number[]) =>
  shares(wordsOf(before), parts ?? written(wordsOf(before)), wordsOf(now));

describe("what is new of a text", () => {
  test("a word at the end, or within", () => {
    expect(after("Dear Ada", "Dear Ada Lovelace")).toEqual([1, 1, 0]);
    expect(after("Dear Ada", "Dear old Ada")).toEqual([1, 0, 1]);
    expect(after("", "Dear")).toEqual([0]);
  });

  test("a word that goes on keeps the letters it had", () => {
    expect(after("Dear A", "Dear Ad")).toEqual([1, 1 / 2]);
    expect(after("a thing", "a think")).toEqual([1, 4 / 5]);
  });

  test("what was not yet written stays to be written", () => {
    expect(after("Dear Ada", "Dear Ada,", [1, 1 / 3])).toEqual([1, 1 / 4]);
    expect(after("Dear Ada", "Dear Ada now", [0.5, 0])).toEqual([0.5, 0, 0]);
  });

  test("nothing, where words went", () => {
    expect(after("Dear old Ada", "Dear Ada")).toEqual([1, 1]);
    expect(after("Dear", "")).toEqual([]);
  });

  test("the most that two texts have in common", () => {
    expect(matched(["a", "b", "c", "d"], ["x", "b", "d", "y"])).toEqual([[1, 1], [3, 2]]);
    expect(matched(["a", "a", "b"], ["a", "b"])).toEqual([[0, 0], [2, 1]]);
  });
});

test("a movement is read from a file of strokes, and made to fit a picture", () => {
  const stroke = { pen: 1, colour: "#000", line: 0, word: 0, x: [1, 2], y: [3, 4], t: [0, 90], w: [0.1, 0.2] };
  const found = fitted(movementIn({ pages: [{ width: 50, words: ["a"], strokes: [stroke] }] }), 500);
  expect(found.words).toEqual(["a"]);
  expect(found.strokes).toEqual([{ word: 0, x: [10, 20], y: [30, 40], t: [0, 90], width: 2 }]);
  expect(lasts(found)).toBe(90);
});
