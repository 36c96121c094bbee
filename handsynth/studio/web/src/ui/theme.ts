/** Light or dark: as the system has it, or as it was chosen here. */

import { byId, kept } from "./dom";

const KEY = "handsynth-theme";

export function theme(): void {
  const select = byId<HTMLSelectElement>("theme");
  const saved = kept.get(KEY);
  select.value = saved === "light" || saved === "dark" ? saved : "auto";
  const apply = () => {
    if (select.value === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = select.value;
  };
  select.addEventListener("change", () => {
    kept.set(KEY, select.value);
    apply();
  });
  apply();
}
