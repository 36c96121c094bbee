/** The sheet: draws what the state says, and shows it when it is there. */

import type { Drawn, Engine, State } from "../engine";
import { EngineError } from "../engine";
import { wrapOf } from "../command";
import { byId, kept, messageOf } from "./dom";
import type { Fresh, Live } from "./live";
import { Latest } from "./latest";
import type { Store } from "./store";

/** Keys come in bursts; a frame or two of waiting spares half of the work. */
const PAUSE = 30;
/** Work that takes longer shows that it goes on. */
const SLOW = 250;
/** What is drawn is told to a screen reader after so much quiet. */
const QUIET = 1200;

/** What fonts alone, or the other view alone, depend on. */
const ELSEWHERE: Record<State["view"], Set<keyof State>> = {
  line: new Set<keyof State>([
    "family", "charset", "variants", "sizes", "pageSize", "paperName", "background", "align", "markdown", "personSize", "personSlant",
    "personMargin", "personTiring", "personPressure", "personInk", "personPool", "slips", "look", "grain",
  ]),
  page: new Set<keyof State>(["family", "charset", "variants", "sizes", "size", "wrap"]),
};

export class Stage {
  private readonly picture = byId<HTMLImageElement>("picture");
  private readonly sheet = byId("sheet");
  private readonly latest = new Latest();
  private page = 1;
  private pausing = 0;
  private ageing = 0;
  /** How often a picture was asked for: the last one that was is the one to show. */
  private asked = 0;
  private telling = 0;
  /** The picture on the sheet, decoded. */
  private ready: HTMLImageElement | null = null;
  private replaying = new AbortController();
  private fit = kept.get("handsynth-fit") !== "no";
  /** Whether some characters were not drawn as they are. */
  notes: string[] = [];
  /** Called when a picture has been shown. */
  shown: () => void = () => undefined;

  constructor(
    private readonly engine: Engine,
    private readonly store: Store,
    private readonly nameOf: (state: State) => string,
    private readonly live: Live,
  ) {
    byId("replay").addEventListener("click", () => void this.replay());
    window.addEventListener("keydown", (event) => event.key === "Escape" && this.live.stop());
    byId("previous").addEventListener("click", () => this.turn(-1));
    byId("next").addEventListener("click", () => this.turn(1));
    byId("fit").addEventListener("click", () => this.setFit(!this.fit));
    this.setFit(this.fit);
    store.watch((state, changed) => {
      if ([...changed].every((key) => ELSEWHERE[state.view].has(key))) return;
      if (changed.has("view")) this.page = 1;
      this.later();
    });
  }

  /** Draw again, as where a hand has been learnt anew. */
  later(): void {
    this.asked++;
    this.replaying.abort();
    // what is seen meanwhile is not what the text says
    this.ageing ||= window.setTimeout(() => this.sheet.classList.add("stale"), SLOW);
    this.sheet.setAttribute("aria-busy", "true");
    clearTimeout(this.pausing);
    this.pausing = window.setTimeout(() => this.latest.ask((signal) => this.draw(signal)), PAUSE);
  }

  private turn(by: number): void {
    this.page = Math.max(1, this.page + by);
    this.later();
  }

  private setFit(fit: boolean): void {
    this.fit = fit;
    this.live.stop();
    kept.set("handsynth-fit", fit ? "yes" : "no");
    byId("fit").setAttribute("aria-pressed", String(fit));
    this.sheet.classList.toggle("fit", fit);
  }

  private async draw(signal: AbortSignal): Promise<void> {
    const { asked } = this;
    const { state } = this.store;
    byId("turning").hidden = state.view !== "page";
    const working = window.setTimeout(() => (byId("working").hidden = false), SLOW);
    try {
      if (!state.text.trim()) {
        this.empty();
        if (asked === this.asked) this.current();
        return;
      }
      const scale = sharpness(state);
      const large = enlarged(state, scale);
      const fresh = this.live.asked(large, this.page, signal);
      const drawn = await this.engine.draw(large, this.page, signal);
      await this.show(large, drawn, scale, await fresh);
      if (asked === this.asked) this.current();
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof EngineError && error.status === 404 && state.view === "page" && this.page > 1) {
        // less text than there was: there is no such page any more
        this.page = 1;
        this.later();
        return;
      }
      byId("trouble").textContent = messageOf(error);
    } finally {
      clearTimeout(working);
      byId("working").hidden = true;
      if (asked === this.asked) this.sheet.setAttribute("aria-busy", "false");
    }
  }

  /** What the sheet shows is what was asked for last. */
  private current(): void {
    clearTimeout(this.ageing);
    this.ageing = 0;
    this.sheet.classList.remove("stale");
  }

  private empty(): void {
    this.live.stop();
    byId<HTMLButtonElement>("replay").disabled = true;
    this.picture.hidden = true;
    byId("blank").hidden = false;
    this.sheet.dataset.view = this.store.state.view;
    this.colour(this.store.state);
    this.tell([], "");
  }

  /** What the sheet shows, as the engine draws it. */
  get drawn(): { state: State; page: number } {
    const { state } = this.store;
    return { state: enlarged(state, sharpness(state)), page: this.page };
  }

  /** All of it written again; or there at once, where it is just being written. */
  private async replay(): Promise<void> {
    if (this.live.writes) {
      this.live.stop();
      return;
    }
    const button = byId("replay");
    if (!this.ready || this.picture.hidden || button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    this.replaying = new AbortController();
    const { signal } = this.replaying;
    try {
      const { state, page } = this.drawn;
      await this.live.replay(state, page, this.ready, signal);
    } catch (error) {
      if (!signal.aborted) byId("trouble").textContent = messageOf(error);
    } finally {
      button.removeAttribute("aria-busy");
    }
  }

  private async show(state: State, drawn: Drawn, scale: number, fresh: Fresh | null): Promise<void> {
    const url = URL.createObjectURL(drawn.image);
    const ready = new Image();
    try {
      ready.src = url;
      await ready.decode();
    } catch {
      URL.revokeObjectURL(url);
      throw new EngineError("This picture is too large to be shown here; it can be downloaded, or choose a line width.");
    }
    const old = this.picture.src;
    this.picture.src = url;
    if (old.startsWith("blob:")) URL.revokeObjectURL(old);
    this.picture.alt = state.view === "page" ? `Page ${this.page}: ${state.text}` : state.text;
    this.picture.width = Math.round(drawn.width / scale);
    this.picture.height = Math.round(drawn.height / scale);
    this.picture.hidden = false;
    byId("blank").hidden = true;
    this.sheet.dataset.view = state.view;
    this.colour(state);
    this.ready = ready;
    this.live.shown(state, this.page, ready, fresh);
    const last = drawn.lastPage ?? true;
    byId("at").textContent = last ? `Page ${this.page} of ${this.page}` : `Page ${this.page}`;
    byId<HTMLButtonElement>("previous").disabled = this.page === 1;
    byId<HTMLButtonElement>("next").disabled = last;
    const count = [...state.text].length;
    this.tell(drawn.notes, `Written in ${this.nameOf(state)}: ${count} character${count === 1 ? "" : "s"}.`);
    this.shown();
  }

  private colour(state: State): void {
    this.sheet.classList.toggle("clear", state.view === "line" && state.paperColour === "transparent");
    this.sheet.style.backgroundColor = state.view === "line" && state.paperColour !== "transparent" ? state.paperColour : "";
  }

  private tell(notes: string[], heard: string): void {
    this.notes = notes;
    byId("trouble").textContent = "";
    const place = byId("notes");
    const text = notes.join("\n");
    if (place.textContent !== text) place.textContent = text;
    clearTimeout(this.telling);
    this.telling = window.setTimeout(() => (byId("heard").textContent = heard), QUIET);
  }
}

/** How many px are drawn for each px of the result, so that it is crisp on fine screens. */
function sharpness(state: State): number {
  return state.view === "line" && devicePixelRatio > 1.25 && innerWidth > 700 && state.size <= 64 ? 2 : 1;
}

function enlarged(state: State, scale: number): State {
  return { ...state, size: state.size * scale, wrap: wrapOf(state) * scale };
}
