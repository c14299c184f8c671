// Where the token lives: in this tab's session storage and nowhere else. It is gone when the tab is closed,
// and no other tab has it.

const KEY = "campanile.token";

/** What was remembered, or what the address brought along (`/graphiql#token=…`), or "". */
export function readToken() {
  const fresh = takeTokenFromFragment();
  if (fresh !== null) storeToken(fresh);
  return fresh ?? sessionStorage.getItem(KEY) ?? "";
}

/** Remembers a token for this tab; "" forgets it. */
export function storeToken(token) {
  if (token === "") sessionStorage.removeItem(KEY);
  else sessionStorage.setItem(KEY, token);
}

/**
 * Reads `#token=…` and removes it from the address bar and the history, so that it is neither bookmarked, nor
 * copied with the address, nor seen over a shoulder. A fragment is never sent to a server.
 * Null where there is none.
 */
export function takeTokenFromFragment() {
  const fragment = new URLSearchParams(window.location.hash.slice(1));
  if (!fragment.has("token")) return null;
  const { pathname, search } = window.location;
  window.history.replaceState(null, "", pathname + search);
  return tidy(fragment.get("token"));
}

/** What people paste: with blanks and line ends around it, or as the whole header. */
export function tidy(pasted) {
  return pasted
    .trim()
    .replace(/^bearer\s+/i, "")
    .trim();
}

/**
 * Whom the token names and until when, for showing only: the server alone decides what a token is worth.
 * Null when it does not look like a JWT.
 */
export function describeToken(token) {
  try {
    const payload = token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
    const bytes = Uint8Array.from(atob(payload), (character) => character.charCodeAt(0));
    const { sub, role, exp } = JSON.parse(new TextDecoder().decode(bytes));
    const expires = exp === undefined ? null : new Date(exp * 1000);
    return { subject: String(sub), role: role ?? "member", expires };
  } catch {
    return null;
  }
}
