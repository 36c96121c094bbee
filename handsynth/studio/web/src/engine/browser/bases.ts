/** What a letter with marks is without them: handsynth/text/bases.py. */

const WHOLE: Record<string, string> = Object.fromEntries(
  Array.from("ıȷđĐłŁħĦŧŦæœ", (char, i) => [char, "ijdDlLhHtTaa"[i]]),
);

export function base(text: string): string {
  const [first, ...marks] = text.normalize("NFD");
  if (!first || !marks.every((mark) => /\p{M}/u.test(mark))) return text;
  return WHOLE[first] ?? first;
}
