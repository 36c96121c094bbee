/** One job at a time, and after it the latest that was asked for: those in between are never begun. */

/** A job that takes longer than this, in ms, is given up for a newer one; a shorter one may as well be shown. */
const PATIENCE = 2500;

export class Latest {
  private running: AbortController | null = null;
  private since = 0;
  private next: ((signal: AbortSignal) => Promise<void>) | null = null;
  private giving = 0;

  /** Run `job` as soon as can be. It handles its own errors. */
  ask(job: (signal: AbortSignal) => Promise<void>): void {
    this.next = job;
    if (!this.running) {
      void this.work();
      return;
    }
    clearTimeout(this.giving);
    const left = Math.max(0, PATIENCE - (performance.now() - this.since));
    this.giving = window.setTimeout(() => this.next && this.running?.abort(), left);
  }

  private async work(): Promise<void> {
    while (this.next) {
      const job = this.next;
      this.next = null;
      this.running = new AbortController();
      this.since = performance.now();
      await job(this.running.signal);
    }
    this.running = null;
  }
}
