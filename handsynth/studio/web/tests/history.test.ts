// @vitest-environment jsdom
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { parse, USUAL } from "../src/state";
import { takeToken } from "../src/token";
import { keepHistory } from "../src/ui/history";
import { Store } from "../src/ui/store";

let store: Store;
let steps = 0;
let said: string[];

beforeEach(() => {
  vi.useFakeTimers();
  history.replaceState(null, "", "/");
  store = new Store(USUAL);
  said = [];
  keepHistory(store, (wrong) => said.push(wrong));
  steps = history.length;
});
afterEach(() => vi.useRealTimers());

it("makes one step of a dial that is drawn along", () => {
  for (let slant = 1; slant <= 20; slant++) {
    store.set({ slant: slant / 100 });
    vi.advanceTimersByTime(30);
  }
  vi.advanceTimersByTime(1000);
  expect(history.length).toBe(steps + 1);
  expect(location.hash).toBe("#slant=0.2");
});

it("makes a step of each change that has settled", () => {
  for (const seed of [1, 2, 3]) {
    store.set({ seed });
    vi.advanceTimersByTime(1000);
  }
  expect(history.length).toBe(steps + 3);
});

it("takes what the address says when it changes, and adds nothing to it", () => {
  history.replaceState(null, "", "#seed=5&strange=1");
  dispatchEvent(new PopStateEvent("popstate"));
  vi.advanceTimersByTime(2000);
  expect(store.state.seed).toBe(5);
  expect(location.hash).toBe("#seed=5&strange=1");
  expect(history.length).toBe(steps);
});

it("keeps what is fixed", () => {
  const fixed = new Store(parse("view=page&seed=2"), { view: "line" });
  fixed.set({ view: "page", seed: 3 });
  expect(fixed.state).toMatchObject({ view: "line", seed: 3 });
});

it.each([["#token=a%25b&seed=4", "a%b"], ["#seed=4&token=a%b", "a%b"]])("takes the token out of %s", (hash, token) => {
  history.replaceState(null, "", hash);
  expect(takeToken()).toBe(token);
  expect(location.hash).toBe("#seed=4");
  history.replaceState(null, "", "/");
  expect(takeToken()).toBe(token);
});

it("says what an address asks for that cannot be", () => {
  location.hash = "#seed=x&text=Ada";
  window.dispatchEvent(new Event("popstate"));
  expect(said[said.length - 1]).toContain("seed cannot be x (whole, 0 to");
  expect(store.state.text).toBe("Ada");
  store.set({ text: "Bob" });
  expect(said[said.length - 1]).toBe("");
});
