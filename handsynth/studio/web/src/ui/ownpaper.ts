/** Writing on a photo of one's own paper. */

import { paperName, takePaper } from "../paper";
import { make, messageOf, say } from "./dom";
import type { Store } from "./store";

export function ownPaper(store: Store): HTMLElement {
  const input = make("input", { type: "file", id: "file-paper", accept: "image/*", "aria-describedby": "paper-hint" });
  const trouble = make("p", { className: "trouble", role: "alert" });
  const now = make("span", { className: "now" });
  const away = make("button", { type: "button", className: "button small" }, "Take it away");
  input.addEventListener("change", async () => {
    const [file] = input.files ?? [];
    input.value = "";
    if (!file) return;
    trouble.textContent = "";
    try {
      const { id, name } = await takePaper(file);
      store.set({ background: id });
      say(`Written on ${name}`);
    } catch (error) {
      trouble.textContent = messageOf(error);
    }
  });
  away.addEventListener("click", () => {
    store.set({ background: "" });
    input.focus();
  });
  store.watch(({ background }) => {
    away.hidden = background === "";
    now.textContent = background ? paperName(background) : "";
  });
  return make(
    "div",
    { className: "inside own-paper" },
    make("div", { className: "row" }, make("label", { className: "button file" }, input, "Write on a photo of your paper"), away, now),
    make(
      "small",
      { id: "paper-hint" },
      "Cropped to the sheet and straight. Its own rules are found, and the writing stands on them. It stays in this tab.",
    ),
    trouble,
  );
}
