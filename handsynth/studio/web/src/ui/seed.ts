/** The seed: a field to type it, and a button for another one. */

import { RANGES } from "../state";
import { byId } from "./dom";
import type { Store } from "./store";

export function seed(store: Store): void {
  const wrong = byId("wrong-seed");
  const field = byId<HTMLInputElement>("seed");
  field.addEventListener("input", () => {
    const text = field.value.trim();
    const fits = /^\d{1,16}$/.test(text) && Number(text) <= RANGES.seed.most;
    field.setAttribute("aria-invalid", String(!fits));
    const most = RANGES.seed.most.toLocaleString("en");
    wrong.textContent = fits ? "" : `The seed cannot be ${text ? `“${text}”` : "empty"}: give a whole number from 0 to ${most}.`;
    if (fits) store.set({ seed: Number(text) });
  });
  field.addEventListener("blur", () => {
    if (wrong.textContent) wrong.textContent += ` It is still ${store.state.seed}.`;
    field.value = String(store.state.seed);
    field.setAttribute("aria-invalid", "false");
  });
  byId("reseed").addEventListener("click", () => store.set({ seed: store.state.seed < 9999 ? store.state.seed + 1 : 0 }));
  store.watch((state, changed) => {
    if (changed.has("seed") && document.activeElement !== field) wrong.textContent = "";
    if (changed.has("seed") && field.value !== String(state.seed)) field.value = String(state.seed);
  });
}
