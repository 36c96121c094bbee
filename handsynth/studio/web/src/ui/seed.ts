/** The seed: a field to type it, and a button for another one. */

import { RANGES } from "../state";
import { byId } from "./dom";
import type { Store } from "./store";

export function seed(store: Store): void {
  const field = byId<HTMLInputElement>("seed");
  field.addEventListener("input", () => {
    const text = field.value.trim();
    const fits = /^\d{1,16}$/.test(text) && Number(text) <= RANGES.seed.most;
    field.setAttribute("aria-invalid", String(!fits));
    if (fits) store.set({ seed: Number(text) });
  });
  field.addEventListener("blur", () => {
    field.value = String(store.state.seed);
    field.setAttribute("aria-invalid", "false");
  });
  byId("reseed").addEventListener("click", () => store.set({ seed: store.state.seed < 9999 ? store.state.seed + 1 : 0 }));
  store.watch((state, changed) => {
    if (changed.has("seed") && field.value !== String(state.seed)) field.value = String(state.seed);
  });
}
