/** Your own hand: learnt from a photo, kept in this browser. */

import { stem } from "../command";
import { type Engine, EngineError, type HandFile, type Learnt } from "../engine";
import type { Kept, OwnHands } from "../own";
import { byId, make, messageOf, save, say } from "./dom";
import { Letters } from "./letters";
import type { Store } from "./store";

const HAND_FILE = /\.hand$/i;

export class Learning {
  private readonly state = make("p", { className: "notes", role: "status" });
  private readonly trouble = make("p", { className: "trouble", role: "alert" });
  private readonly list = make("ul", { className: "own", "aria-label": "Hands kept in this browser" });
  private readonly text = make("input", { id: "line-text", autocomplete: "off", placeholder: "What the line says" });
  private readonly letters: Letters;
  /** The hand whose letters are shown. */
  private open = "";
  private busy = false;

  constructor(
    private readonly engine: Engine,
    private readonly store: Store,
    private readonly own: OwnHands,
  ) {
    this.letters = new Letters(engine, own, (id) => this.lost(id));
    byId("own").append(...this.form(), this.state, this.trouble, this.list);
    own.watch(() => this.show());
    this.show();
    this.takeDrops();
  }

  private form(): HTMLElement[] {
    const form = this.chooser("photo", "Choose photos of your form", true, (files) => this.take(files));
    const line = this.chooser("line", "Choose a photo of the line", false, (files) => this.takeLine(files));
    return [
      make(
        "p",
        {},
        "Print the ",
        this.template(),
        ", fill it in with a pen, and photograph it. Drop the photo anywhere on this page, or choose it here.",
      ),
      make("div", { className: "dropzone" }, form, make("small", {}, "Photos or scans; a .hand file, too")),
      make(
        "details",
        { className: "inner" },
        make("summary", {}, "Only one written line?"),
        make("p", {}, "Separate letters, dark on light, one line. Type what it says, then choose its photo."),
        make("div", { className: "field" }, make("label", { for: "line-text" }, "Its text"), this.text),
        line,
      ),
      make(
        "p",
        { className: "faint" },
        "Photos go to the studio on this machine and nowhere else, and are not kept. The hand is kept in this browser: " +
          "download its .hand file to use it elsewhere.",
      ),
    ];
  }

  /** A link that can bring the server's token, which a browser's own download would not. */
  private template(): HTMLElement {
    const link = make("a", { href: "v1/template", download: "form.pdf" }, "form (PDF)");
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const made = this.engine.template?.(new AbortController().signal);
      made?.then((pdf) => save(pdf, "form.pdf"), (error) => (this.trouble.textContent = messageOf(error)));
    });
    return link;
  }

  private chooser(id: string, label: string, multiple: boolean, taken: (files: File[]) => void): HTMLElement {
    const input = make("input", { type: "file", id: `file-${id}`, multiple, accept: "image/*,.heic,.pdf,.hand" });
    input.addEventListener("change", () => {
      taken([...(input.files ?? [])]);
      input.value = "";
    });
    return make("label", { className: "button file" }, input, label);
  }

  /** Files that were dropped on the page or chosen: photos of the form's pages, or saved hands. */
  private async take(files: File[]): Promise<void> {
    const photos = files.filter((file) => !HAND_FILE.test(file.name));
    for (const file of files.filter((file) => HAND_FILE.test(file.name))) {
      await this.work("Reading the hand …", async () => ({ hand: await handIn(file), notes: [] }));
    }
    if (!photos.length) return;
    const form = new FormData();
    for (const photo of photos) form.append("photo", photo);
    await this.learn(form);
  }

  private async takeLine(files: File[]): Promise<void> {
    const text = this.text.value.trim();
    if (!text) {
      this.trouble.textContent = "Type what the line says first.";
      this.text.focus();
      return;
    }
    if (!files.length) return;
    const form = new FormData();
    form.append("line", files[0]);
    form.append("text", text);
    await this.learn(form);
  }

  private async learn(form: FormData): Promise<void> {
    const learn = this.engine.learn?.bind(this.engine);
    if (!learn) return;
    form.append("name", `My hand ${this.own.list.length + 1}`);
    await this.work("Reading your letters …", () => learn(form, new AbortController().signal));
  }

  private async work(doing: string, job: () => Promise<Learnt>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    byId<HTMLDetailsElement>("section-own").open = true;
    this.trouble.textContent = "";
    this.state.textContent = doing;
    this.state.classList.add("busy");
    say(doing);
    try {
      const { hand, notes } = await job();
      const kept = await this.tried(hand);
      this.store.set({ hand: kept.id, blend: "" });
      this.state.textContent = [`${kept.name} is kept in this browser, and writes now.`, ...notes].join("\n");
      say(`${kept.name} writes now`);
    } catch (error) {
      this.state.textContent = "";
      this.trouble.textContent = messageOf(error);
      this.trouble.scrollIntoView({ block: "nearest" });
    } finally {
      this.busy = false;
      this.state.classList.remove("busy");
    }
  }

  /** Keep a hand if it can write. */
  private async tried(hand: HandFile): Promise<Kept> {
    const kept = await this.own.add(hand);
    try {
      await this.engine.sample(kept.id, "a", new AbortController().signal);
      return kept;
    } catch (error) {
      await this.own.remove(kept.id);
      throw error;
    }
  }

  private show(): void {
    this.list.replaceChildren(...this.own.list.map((kept) => this.row(kept)));
    if (!this.own.list.some(({ id }) => id === this.open)) this.open = "";
    this.list.hidden = !this.own.list.length;
    if (!this.own.lasting) {
      this.state.textContent = "This browser keeps nothing between visits: download the hand before you leave.";
    }
  }

  private row(kept: Kept): HTMLElement {
    const name = make("input", { value: kept.name, "aria-label": `Name of ${kept.name}`, maxLength: 60 });
    name.addEventListener("change", () => void this.own.rename(kept.id, name.value));
    const open = this.open === kept.id;
    const look = make("button", { type: "button", className: "button small", "aria-expanded": open, "aria-label": `Letters of ${kept.name}` }, "Letters");
    look.addEventListener("click", () => this.look(kept, !open));
    const file = make("button", { type: "button", className: "button small", "aria-label": `Download ${kept.name}` }, ".hand");
    file.addEventListener("click", () => save(handBlob(this.own.file(kept.id)), `${stem(kept.name)}.hand`));
    const gone = make("button", { type: "button", className: "button small", "aria-label": `Remove ${kept.name}` }, "Remove");
    gone.addEventListener("click", () => void this.remove(kept, gone));
    const shown = open ? [this.letters.element] : [];
    return make("li", {}, name, ...(this.engine.letters ? [look] : []), file, gone, ...shown);
  }

  private look(kept: Kept, open: boolean): void {
    this.open = open ? kept.id : "";
    if (open) void this.letters.show(kept);
    else this.letters.hide();
    this.show();
    this.list.querySelector<HTMLElement>(`[aria-label="Letters of ${CSS.escape(kept.name)}"]`)?.focus();
  }

  /** A hand has lost a letter: those that it still holds are shown. */
  private lost(id: string): void {
    const kept = this.own.list.find((each) => each.id === id);
    if (kept && this.open === id) void this.letters.show(kept);
  }

  /** At the second click: a hand that is gone is gone. */
  private async remove(kept: Kept, button: HTMLButtonElement): Promise<void> {
    if (!button.dataset.sure) {
      button.dataset.sure = "yes";
      button.textContent = "Really?";
      return;
    }
    const { hand, blend } = this.store.state;
    if (hand === kept.id) this.store.set({ hand: "" });
    if (blend === kept.id) this.store.set({ blend: "" });
    await this.own.remove(kept.id);
    say(`${kept.name} is removed`);
    byId("section-own").querySelector("summary")?.focus();
  }

  private takeDrops(): void {
    const cover = byId("drop");
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
    window.addEventListener("dragover", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      cover.hidden = false;
    });
    window.addEventListener("dragleave", (event) => {
      if (!event.relatedTarget) cover.hidden = true;
    });
    window.addEventListener("drop", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      cover.hidden = true;
      void this.take([...(event.dataTransfer?.files ?? [])]);
    });
  }
}

function handBlob(hand: HandFile): Blob {
  return new Blob([`${JSON.stringify(hand)}\n`], { type: "application/json" });
}

/** The hand in a .hand file, as far as can be seen from here. */
async function handIn(file: File): Promise<HandFile> {
  try {
    const hand = JSON.parse(await file.text()) as HandFile;
    if (typeof hand === "object" && hand !== null && "handsynth_hand" in hand) return hand;
  } catch {
    // said below
  }
  throw new EngineError(`${file.name} is no saved hand; give a .hand file, or a photo`);
}
