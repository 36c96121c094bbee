/** The server's token: it comes in the address the first time, and then stays with this tab. */

const KEY = "handsynth-token";

/** Take `token=…` out of the address, and give it. */
export function takeToken(): string {
  const parts = location.hash.replace(/^#/, "").split("&");
  const given = parts.find((part) => part.startsWith("token="));
  if (given !== undefined) {
    sessionStorage.setItem(KEY, decoded(given.slice("token=".length)));
    const others = parts.filter((part) => part !== given).join("&");
    history.replaceState(null, "", location.pathname + location.search + (others && `#${others}`));
  }
  return sessionStorage.getItem(KEY) ?? "";
}

/** A new address with a token, in the same tab, changes nothing but its fragment: begin anew with it. */
export function watchToken(): void {
  addEventListener("hashchange", () => {
    if (location.hash.replace(/^#/, "").split("&").some((part) => part.startsWith("token="))) location.reload();
  });
}

/** What was escaped, or the text itself where it cannot have been. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
