/** Pictures of hands in the gallery: drawn when they come into view, two at a time, each once. */

import type { Engine } from "../engine";

const AT_ONCE = 2;
/** Typing comes first: after a failure a sample is tried again when it is next seen. */
const MARGIN = "120px";

export class Samples {
  private readonly wanted: HTMLImageElement[] = [];
  private working = 0;
  private readonly seen = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        const image = target as HTMLImageElement;
        const at = this.wanted.indexOf(image);
        if (isIntersecting && at < 0) this.wanted.push(image);
        if (!isIntersecting && at >= 0) this.wanted.splice(at, 1);
      }
      this.work();
    },
    { rootMargin: MARGIN },
  );

  constructor(private readonly engine: Engine) {}

  /** `image` will show `text` by `hand`. */
  watch(image: HTMLImageElement, hand: string, text: string): void {
    image.dataset.hand = hand;
    image.dataset.text = text;
    this.seen.observe(image);
  }

  private work(): void {
    while (this.working < AT_ONCE && this.wanted.length) {
      const image = this.wanted.shift() as HTMLImageElement;
      this.working++;
      void this.draw(image).finally(() => {
        this.working--;
        this.work();
      });
    }
  }

  private async draw(image: HTMLImageElement): Promise<void> {
    try {
      const { hand = "", text = "" } = image.dataset;
      const blob = await this.engine.sample(hand, text, new AbortController().signal);
      image.addEventListener("load", () => URL.revokeObjectURL(image.src), { once: true });
      image.src = URL.createObjectURL(blob);
      image.classList.add("drawn");
      this.seen.unobserve(image);
    } catch {
      // its name stands beside it; it is tried again when it is next scrolled into view
    }
  }
}
