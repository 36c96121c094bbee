/** Small helpers for the document. */

type Child = Node | string;

/** The element with this id, which index.html has. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (!found) throw new Error(`index.html has no #${id}`);
  return found as T;
}

/** A new element: properties by name, attributes where the name has a hyphen or is `role` or `for`; its children. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  how: Record<string, string | number | boolean> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(how)) {
    if (name.includes("-") || name === "role" || name === "for") element.setAttribute(name, String(value));
    else (element as unknown as Record<string, unknown>)[name] = value;
  }
  element.append(...children);
  return element;
}

/** Give a file to the person at the page. */
export function save(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = make("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

let fading = 0;

/** Say something in passing. */
export function say(text: string): void {
  const place = byId("said");
  place.textContent = text;
  place.classList.add("shown");
  clearTimeout(fading);
  fading = window.setTimeout(() => place.classList.remove("shown"), 4000);
}

/** Put text on the clipboard, and say `done`. */
export async function copy(text: string, done: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    say(done);
  } catch {
    // the only way where the page is not served securely, as on another machine of the house
    const field = make("textarea", { value: text, readOnly: true, className: "unseen", "aria-label": "To copy" });
    document.body.append(field);
    field.select();
    say(document.execCommand("copy") ? done : "This browser does not let the page copy; select the text yourself");
    field.remove();
  }
}

/** What a browser that keeps nothing would refuse with an error. */
export const kept = {
  get(key: string): string | null {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  },
  set(key: string, value: string): void {
    try {
      localStorage.setItem(key, value);
    } catch {
      // it holds for this visit
    }
  },
};

/** What went wrong, in one line for a person. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const line = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(line) ? line : `${line}.`;
}
