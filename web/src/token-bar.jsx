import { useEffect, useId, useRef, useState } from "react";
import { describeToken, tidy } from "./token.js";

/** The bar at the top: the token's field, whom it names, and how the socket fares. */
export function TokenBar({ token, onToken, socket }) {
  const [draft, setDraft] = useState(token);
  const field = useId();
  const status = useId();
  const input = useRef(null);

  useEffect(() => setDraft(token), [token]);

  function submit(event) {
    event.preventDefault();
    const tidied = tidy(draft);
    setDraft(tidied);
    onToken(tidied);
  }

  return (
    <header className="campanile-bar">
      <form onSubmit={submit}>
        <label htmlFor={field}>Access token</label>
        {/* Masked by style, not by type: a password manager has no business here. */}
        <input
          id={field}
          ref={input}
          type="text"
          className="campanile-token"
          value={draft}
          onChange={(event) => setDraft(event.target.value)}
          placeholder="a JWT; campanile-server token makes one"
          aria-describedby={status}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
        />
        <button type="submit" disabled={tidy(draft) === token}>
          Use token
        </button>
        <button type="button" disabled={token === ""} onClick={() => (onToken(""), input.current?.focus())}>
          Forget it
        </button>
      </form>
      <output id={status} className="campanile-whom">
        {whom(token)}
      </output>
      <output className="campanile-socket" aria-label="Subscriptions' socket">
        socket: {socket}
      </output>
    </header>
  );
}

function whom(token) {
  if (token === "") return "No token: the server refuses every operation that needs one.";
  const described = describeToken(token);
  if (described === null) return "This does not look like a JWT.";
  const until = described.expires === null ? "" : `, until ${described.expires.toLocaleString()}`;
  return `as ${described.subject} (${described.role})${until}`;
}
