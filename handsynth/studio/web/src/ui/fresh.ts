/** Which words of a text are new, and how much of each stands on the paper already. */

/** Texts with more words to compare than this (their numbers multiplied) are compared end to end alone. */
const MOST = 4_000_000;

export function wordsOf(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}

/**
 * Of each word of `now` the share that is written, 0 … 1, where `written` says it of the words of `before`.
 *
 * A word that took another's place keeps as many letters as they have in common from the first.
 */
export function shares(before: string[], written: number[], now: string[]): number[] {
  const result = new Array<number>(now.length).fill(0);
  let [at, next] = [0, 0];
  for (const [i, j] of [...matched(before, now), [before.length, now.length]]) {
    // what stands between two words that both have: one for one, as far as they go
    for (let k = 0; k < j - next && k < i - at; k++) {
      const [old, word] = [[...before[at + k]], [...now[next + k]]];
      const common = word.findIndex((letter, n) => letter !== old[n]);
      const kept = Math.min(common < 0 ? word.length : common, written[at + k] * old.length);
      result[next + k] = kept / word.length;
    }
    if (j < now.length) result[j] = written[i];
    [at, next] = [i + 1, j + 1];
  }
  return result;
}

/** Pairs of places of words that both have, in order, as many as there can be. */
export function matched(a: string[], b: string[]): [number, number][] {
  let first = 0;
  while (first < a.length && first < b.length && a[first] === b[first]) first++;
  let last = 0;
  const most = Math.min(a.length, b.length) - first;
  while (last < most && a[a.length - 1 - last] === b[b.length - 1 - last]) last++;
  const [rows, columns] = [a.length - first - last, b.length - first - last];
  const pairs: [number, number][] = [];
  for (let i = 0; i < first; i++) pairs.push([i, i]);
  if (rows * columns <= MOST) pairs.push(...within(a, b, first, rows, columns));
  for (let i = last; i > 0; i--) pairs.push([a.length - i, b.length - i]);
  return pairs;
}

/** The longest common subsequence of a part of both (Wagner and Fischer, 1974). */
function within(a: string[], b: string[], first: number, rows: number, columns: number): [number, number][] {
  const wide = columns + 1;
  const length = new Uint16Array((rows + 1) * wide);
  for (let i = rows - 1; i >= 0; i--) {
    for (let j = columns - 1; j >= 0; j--) {
      const [down, right] = [length[(i + 1) * wide + j], length[i * wide + j + 1]];
      length[i * wide + j] =
        a[first + i] === b[first + j] ? length[(i + 1) * wide + j + 1] + 1 : Math.max(down, right);
    }
  }
  const pairs: [number, number][] = [];
  for (let i = 0, j = 0; i < rows && j < columns; ) {
    if (a[first + i] === b[first + j]) pairs.push([first + i++, first + j++]);
    else if (length[(i + 1) * wide + j] >= length[i * wide + j + 1]) i++;
    else j++;
  }
  return pairs;
}
