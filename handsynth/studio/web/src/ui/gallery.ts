/** The hands to choose from: your own, random ones that were met, and those of the gallery. */

import type { Engine, Hand, State } from "../engine";
import type { OwnHands } from "../own";
import { USUAL } from "../state";
import { dialRow, SHARE } from "./dials";
import { byId, make, say } from "./dom";
import { Samples } from "./samples";
import type { Store } from "./store";

/** What hands may be, in the order in which it is offered. */
const TAGS = ["print", "cursive", "upright", "slanted", "backhand", "light", "medium", "bold", "neat", "easy", "rough"];
const RANDOM_HANDS = 1_000_000;

interface Card {
  hand: string;
  name: string;
  tags: string[];
  input: HTMLInputElement;
  part: HTMLElement;
}

export class Gallery {
  private readonly samples: Samples;
  private readonly place = byId("gallery");
  private readonly blends = byId<HTMLSelectElement>("blend");
  private readonly chosen = new Set<string>();
  private readonly met: string[] = [];
  private cards: Card[] = [];

  constructor(
    engine: Engine,
    private readonly store: Store,
    private readonly hands: Hand[],
    private readonly own: OwnHands,
  ) {
    this.samples = new Samples(engine);
    this.addTags();
    byId("share-dial").append(dialRow(store, SHARE));
    byId("random").addEventListener("click", () => this.another());
    this.blends.addEventListener("change", () =>
      store.set({ blend: this.blends.value, ...(this.blends.value ? {} : { share: USUAL.share }) }),
    );
    this.meet(store.state);
    this.fill();
    own.watch(() => this.fill());
    store.watch((state, changed) => {
      if (!changed.has("hand") && !changed.has("blend")) return;
      if (this.meet(state)) this.fill();
      this.mark(state);
      if (changed.has("hand")) this.reveal();
    });
  }

  /** What a hand is called. */
  nameOf(hand: string): string {
    if (hand === "") return this.hands[0]?.name ?? "the first hand";
    if (hand.startsWith("own:")) return this.own.nameOf(hand);
    const [, number, seed] = hand.split(":");
    return number === undefined ? hand : `Random ${number}${seed === "0" ? "" : ` of ${seed}`}`;
  }

  /** What the hand of a state is called, blends too. */
  named(state: State): string {
    return state.blend ? `${this.nameOf(state.hand)} + ${this.nameOf(state.blend)}` : this.nameOf(state.hand);
  }

  private addTags(): void {
    const known = new Set(this.hands.flatMap((hand) => hand.tags));
    const others = [...known].filter((tag) => !TAGS.includes(tag));
    for (const tag of [...TAGS.filter((tag) => known.has(tag)), ...others]) {
      const chip = make("button", { type: "button", className: "chip", "aria-pressed": "false" }, tag);
      chip.addEventListener("click", () => {
        if (!this.chosen.delete(tag)) this.chosen.add(tag);
        chip.setAttribute("aria-pressed", String(this.chosen.has(tag)));
        this.filter();
      });
      byId("tags").append(chip);
    }
  }

  private another(): void {
    const number = crypto.getRandomValues(new Uint32Array(1))[0] % RANDOM_HANDS;
    this.store.set({ hand: `random:${number}:0` });
    say(`${this.nameOf(this.store.state.hand)} writes`);
  }

  /** Remember the random hands of a state; whether one is new. */
  private meet(state: State): boolean {
    const fresh = [state.hand, state.blend].filter((hand) => hand.startsWith("random:") && !this.met.includes(hand));
    this.met.unshift(...fresh);
    return fresh.length > 0;
  }

  private fill(): void {
    const old = new Map(this.cards.map((card) => [card.hand, card]));
    const card = (hand: string, name: string, about: string, tags: string[]) => {
      const known = old.get(hand);
      return known?.name === name ? known : this.card(hand, name, about, tags);
    };
    this.cards = [
      ...this.own.list.map(({ id, name }) => card(id, name, "your own", [])),
      ...this.met.map((hand) => card(hand, this.nameOf(hand), "a random hand", [])),
      ...this.hands.map(({ name, description, tags }) => card(name, name, description, tags)),
    ];
    this.place.replaceChildren(...this.cards.map(({ part }) => part));
    this.blends.replaceChildren(
      make("option", { value: "" }, "no other hand"),
      ...this.cards.map(({ hand, name }) => make("option", { value: hand }, name)),
    );
    this.filter();
    this.mark(this.store.state);
  }

  private card(hand: string, name: string, about: string, tags: string[]): Card {
    const input = make("input", { type: "radio", name: "hand", value: hand });
    input.addEventListener("change", () => this.store.set({ hand }));
    const image = make("img", { alt: "" });
    const part = make(
      "label",
      { className: "card", title: about },
      input,
      make("span", { className: "sample" }, image),
      make("span", { className: "name" }, name),
      make("span", { className: "unseen" }, about),
    );
    this.samples.watch(image, hand, hand.startsWith("random:") ? "Hello" : name);
    return { hand, name, tags, input, part };
  }

  /** Show the hands that have all chosen tags; hands without tags are always there. */
  private filter(): void {
    for (const { tags, part } of this.cards) {
      part.hidden = tags.length > 0 && [...this.chosen].some((tag) => !tags.includes(tag));
    }
    byId("none").textContent = this.cards.every(({ part }) => part.hidden) ? "No hand is all of this." : "";
  }

  private mark(state: State): void {
    const hand = state.hand || this.hands[0]?.name;
    for (const card of this.cards) card.input.checked = card.hand === hand;
    byId("hand-now").textContent = this.named(state);
    this.blends.value = state.blend;
    byId("share-dial").hidden = state.blend === "";
  }

  /** Scroll the chosen hand into view, within the gallery: the page stays where it is. */
  private reveal(): void {
    const card = this.cards.find(({ input }) => input.checked)?.part;
    if (!card || card.matches(":hover, :focus-within")) return;
    this.place.scrollTop = card.offsetTop - this.place.clientHeight / 3;
  }
}
