/** The letters that a learnt hand holds: what was read above what is drawn, doubtful ones marked; each can be dropped. */

import { type Engine, type HeldLetter } from "../engine";
import type { Kept, OwnHands } from "../own";
import { make, messageOf, say } from "./dom";

export class Letters {
  readonly element = make("div", { className: "letters", hidden: true });
  private readonly trouble = make("p", { className: "trouble", role: "alert" });
  private latest = new AbortController();
  private busy = false;

  /** `changed` is told of a hand that has lost a letter. */
  constructor(
    private readonly engine: Engine,
    private readonly own: OwnHands,
    private readonly changed: (id: string) => void,
  ) {}

  hide(): void {
    this.latest.abort();
    this.element.hidden = true;
  }

  async show(kept: Kept): Promise<void> {
    this.latest.abort();
    this.latest = new AbortController();
    const { signal } = this.latest;
    this.element.hidden = false;
    this.trouble.textContent = "";
    try {
      const letters = (await this.engine.letters?.(this.own.file(kept.id), signal)) ?? [];
      if (!signal.aborted) this.fill(kept, letters);
    } catch (error) {
      if (signal.aborted) return;
      this.trouble.textContent = messageOf(error);
      this.element.replaceChildren(this.trouble);
    }
  }

  private fill(kept: Kept, letters: HeldLetter[]): void {
    const doubtful = letters.filter((letter) => letter.doubtful).length;
    const said = !letters.length
      ? "This hand holds no letters: all of them follow its style."
      : `Above as read, below as drawn.${doubtful ? ` ${doubtful} marked as doubtful: drawn as another copy of theirs or in the style, not as read.` : ""}`;
    // doubtful ones first: they are what one looks for
    const order = [...letters].sort((a, b) => Number(b.doubtful) - Number(a.doubtful));
    const list = make("ul", { "aria-label": `Letters of ${kept.name}` }, ...order.map((letter) => this.letter(kept, letter)));
    this.element.replaceChildren(make("p", { className: "faint" }, said), this.trouble, list);
  }

  private letter(kept: Kept, { char, read, drawn, doubtful }: HeldLetter): HTMLElement {
    const about = doubtful ? `${char}, doubtful` : char;
    const drop = make("button", { type: "button", title: `Drop ${char}`, "aria-label": `Drop ${char} of ${kept.name}` }, "×");
    drop.addEventListener("click", () => void this.drop(kept, char));
    return make(
      "li",
      { className: doubtful ? "doubtful" : "" },
      ...(read ? [make("img", { src: read, alt: `${about}, as read` })] : []),
      make("img", { src: drawn, alt: `${char}, as drawn` }),
      make("span", {}, doubtful ? `${char} ?` : char),
      drop,
    );
  }

  private async drop(kept: Kept, char: string): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      const hand = await this.engine.forget?.(this.own.file(kept.id), char, new AbortController().signal);
      if (!hand) return;
      await this.own.replace(kept.id, hand);
      say(`${kept.name} has lost its ${char}, which follows the style now`);
      this.changed(kept.id);
    } catch (error) {
      this.trouble.textContent = messageOf(error);
    } finally {
      this.busy = false;
    }
  }
}
