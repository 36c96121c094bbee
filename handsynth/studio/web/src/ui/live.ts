/** Writing that is seen being written: what is new of a text as it is typed, or all of it again. */

import type { Engine, State } from "../engine";
import { fitted, lasts, type Movement } from "../movement";
import { byId, kept, make } from "./dom";
import { matched, shares, wordsOf } from "./fresh";
import { type Below, Pen } from "./pen";

/** Who types fast is not waited for: the pen is never further behind than so many ms. */
const BEHIND = 2500;
const KEY = "handsynth-pace";

/** How many times as fast as a person; 0: there at once. */
const PACES: [value: string, name: string][] = [
  ["1", "At a person’s pace"],
  ["4", "Four times as fast"],
  ["16", "16 times as fast"],
  ["0", "There at once"],
];

export class Live {
  private readonly still = matchMedia("(prefers-reduced-motion: reduce)");
  private readonly pen: Pen;
  private readonly pace: HTMLSelectElement;
  /** The words on the sheet, and what all else of it depends on. */
  private words: string[] = [];
  private before = "";
  private lying: { key: string; below: Below } | null = null;

  constructor(private readonly engine: Engine) {
    const canvas = make("canvas", { id: "pen", hidden: true, "aria-hidden": "true" });
    byId("picture").after(canvas);
    this.pen = new Pen(canvas, (writes) => this.told(writes));
    this.pace = byId<HTMLSelectElement>("pace");
    this.pace.append(...PACES.map(([value, name]) => make("option", { value }, name)));
    const saved = kept.get(KEY) ?? "";
    this.pace.value = PACES.some(([value]) => value === saved) ? saved : "1";
    this.pace.addEventListener("change", () => {
      kept.set(KEY, this.pace.value);
      this.pen.stop();
    });
    addEventListener("resize", () => this.pen.stop());
    this.still.addEventListener("change", () => this.offer());
    this.offer();
  }

  get writes(): boolean {
    return this.pen.writes;
  }

  stop(): void {
    this.pen.stop();
  }

  /** Whether a picture of this state can be seen being written at all. */
  can(state: State): boolean {
    return !!this.engine.movement && !this.still.matches && !(state.view === "page" && state.look);
  }

  /** The seconds that a file should take that is seen being written; 0: as a person. */
  async seconds(state: State, page: number): Promise<number> {
    const pace = Number(this.pace.value) || 1;
    if (pace === 1 || !this.engine.movement) return 0;
    return lasts(await this.engine.movement(state, page, new AbortController().signal)) / 1000 / pace;
  }

  /** What is needed to see what is new of a state being written; null where it is to be there at once. */
  async asked(state: State, page: number, signal: AbortSignal): Promise<Fresh | null> {
    const typed = this.before === settings(state, page);
    if (!typed || this.pace.value === "0" || !this.can(state) || document.hidden) return null;
    const now = wordsOf(state.text);
    const parts = shares(this.words, this.pen.written(this.words.length), now);
    const fresh = now.filter((_, i) => parts[i] < 1);
    // where none of them is on the page there is no movement to be had
    return fresh.length ? this.found(state, page, signal, fresh).catch(() => null) : null;
  }

  private async found(state: State, page: number, signal: AbortSignal, words?: string[]): Promise<Fresh | null> {
    const movement = this.engine.movement?.(state, page, signal, words && [...new Set(words)]);
    const below = this.below(state, page, signal);
    return movement ? { movement: await movement, below: await below } : null;
  }

  /** A picture stands on the sheet: write what is new of it, or have all of it there. */
  shown(state: State, page: number, picture: HTMLImageElement, fresh: Fresh | null): void {
    const now = wordsOf(state.text);
    const parts = fresh && shares(this.words, this.pen.written(this.words.length), now);
    this.pen.stop();
    [this.words, this.before] = [now, settings(state, page)];
    byId<HTMLButtonElement>("replay").disabled = !this.can(state);
    if (!fresh || !parts) return;
    const place = placesOf(fresh.movement, now);
    const pace = Number(this.pace.value) || 1;
    this.pen.write(
      picture,
      fresh.below,
      this.fitting(fresh.movement, picture),
      (word) => parts[place(word)] ?? 1,
      (ms) => Math.max(pace, ms / BEHIND),
    );
  }

  /** All that stands on the sheet, written again. */
  async replay(state: State, page: number, picture: HTMLImageElement, signal: AbortSignal): Promise<void> {
    const fresh = await this.found(state, page, signal);
    if (signal.aborted || !fresh) return;
    this.pen.write(picture, fresh.below, this.fitting(fresh.movement, picture), null, () => Number(this.pace.value) || 1);
  }

  /** A movement in px of the screen, of which a picture has no fewer; its canvas lies where the picture does. */
  private fitting(movement: Movement, { naturalWidth }: HTMLImageElement): Movement {
    const { width } = byId("picture").getBoundingClientRect();
    byId("pen").style.width = `${width}px`;
    return fitted(movement, Math.max(1, Math.min(naturalWidth, Math.round(width * devicePixelRatio))));
  }

  /** The bare sheet; it is the same while nothing but the text and its hand changes. */
  private async below(state: State, page: number, signal: AbortSignal): Promise<Below> {
    const key = settings(state, page);
    if (this.lying?.key === key) return this.lying.below;
    const found = (await this.engine.below?.(state, page, signal)) ?? null;
    const below = found instanceof Blob ? await createImageBitmap(found) : found;
    this.lying = { key, below };
    return below;
  }

  private told(writes: boolean): void {
    byId("pen").hidden = !writes;
    byId("sheet").classList.toggle("written-on", writes);
    byId("replay").textContent = writes ? "Stop" : "Replay";
  }

  /** Where less movement is wanted there is none to choose. */
  private offer(): void {
    byId("moving").hidden = !this.engine.movement || this.still.matches;
    if (this.still.matches) this.pen.stop();
  }
}

export interface Fresh {
  movement: Movement;
  below: Below;
}

/** What a picture depends on besides its text. */
function settings(state: State, page: number): string {
  return JSON.stringify([page, { ...state, text: "" }]);
}

/** Of each word of a movement its place among the words of the text; -1 where that is not known. */
function placesOf({ strokes, words }: Movement, text: string[]): (word: number) => number {
  if (words) {
    const places = new Map(matched(words, text));
    return (word) => places.get(word) ?? -1;
  }
  const most = strokes.reduce((found, { word }) => Math.max(found, word), -1);
  return (word) => (most + 1 === text.length ? word : -1);
}
