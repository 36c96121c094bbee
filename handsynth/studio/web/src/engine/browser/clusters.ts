/** Text as characters with their marks, and how to name them: the functions of handsynth/text/charset.py. */

const MOST = 16;
const MARK = /^\p{M}$/u;
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u;

/** Characters with their marks; \r\n, emoji sequences and flags stay together. `alone`: blanks and line ends. */
export function clusters(text: string, alone: (char: string) => boolean): string[] {
  const chars = Array.from(text);
  const result: string[] = [];
  for (let start = 0; start < chars.length;) {
    let end = start + 1;
    if (chars[start] === "\r" && chars[end] === "\n") end++;
    const single = alone(chars[start]);
    while (!single && end < chars.length && end - start < MOST && joins(chars[end - 1], chars[end], chars[start]))
      end++;
    result.push(chars.slice(start, end).join(""));
    start = end;
  }
  return result;
}

/** Whether `char` belongs to the cluster that began with `first` and now ends with `before`. */
function joins(before: string, char: string, first: string): boolean {
  const [code, start] = [char.codePointAt(0)!, first.codePointAt(0)!];
  if (code < 0x300) return false;
  if (before === "\u200d") return start >= 0x2190;
  if (code >= 0x1f1e6 && code <= 0x1f1ff) {
    const last = before.codePointAt(0)!;
    return last >= 0x1f1e6 && last <= 0x1f1ff && before === first;
  }
  const modifier = (code >= 0x1f3fb && code <= 0x1f3ff) || (code >= 0xfe00 && code <= 0xfe0f) || code === 0x200d;
  return (modifier && start >= 0x2190) || MARK.test(char);
}

/** A character for a message: itself if it can be printed, and its numbers. */
export function describe(cluster: string): string {
  const codes = Array.from(cluster, (char) => `U+${char.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}`);
  const shown = !UNPRINTABLE.test(cluster) && !MARK.test(Array.from(cluster)[0]);
  return shown ? `'${cluster}' (${codes.join(" ")})` : codes.join(" ");
}
