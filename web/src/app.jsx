import { GraphiQL } from "graphiql";
import { useEffect, useMemo, useState } from "react";
import { connect } from "./connection.js";
import { examples } from "./examples.js";
import { readToken, storeToken, takeTokenFromFragment } from "./token.js";
import { TokenBar } from "./token-bar.jsx";

export function App() {
  const [token, setToken] = useState(readToken);
  const [socket, setSocket] = useState("idle");

  // A new token is a new connection. GraphiQL fetches the schema again whenever its fetcher changes.
  const connection = useMemo(() => connect(token, setSocket), [token]);
  useEffect(() => () => connection.close(), [connection]);

  function use(next) {
    storeToken(next);
    setToken(next);
  }

  // A link with a token that is opened in this very tab only changes the fragment: no new page, no new state.
  useEffect(() => {
    function onHashChange() {
      const fresh = takeTokenFromFragment();
      if (fresh !== null) use(fresh);
    }
    window.addEventListener("hashchange", onHashChange);
    return () => window.removeEventListener("hashchange", onHashChange);
  }, []);

  return (
    <div className="campanile-page">
      <TokenBar token={token} onToken={use} socket={socket} />
      <main className="campanile-graphiql">
        <GraphiQL
          fetcher={connection.fetcher}
          defaultTabs={examples}
          defaultEditorToolsVisibility={false}
          shouldPersistHeaders={false}
          showPersistHeadersSettings={false}
        >
          <GraphiQL.Logo>Campanile</GraphiQL.Logo>
        </GraphiQL>
      </main>
    </div>
  );
}
