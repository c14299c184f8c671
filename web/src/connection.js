// How GraphiQL reaches the server: queries by POST /graphql, subscriptions through /graphql/ws, both with the
// same token.

import { parse } from "graphql";
import { createClient } from "graphql-ws";

/**
 * @param {string} token A JWT, or "" for none.
 * @param {(state: string) => void} onSocket Told how the socket fares, in words.
 */
export function connect(token, onSocket) {
  const authorization = token === "" ? {} : { authorization: `Bearer ${token}` };
  const address = new URL("/graphql/ws", window.location.href);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";

  let current = true;
  const say = (state) => current && onSocket(state);

  // Lazy: the socket opens with the first subscription and closes after the last.
  const client = createClient({
    url: address.href,
    connectionParams: () => authorization,
    on: {
      connecting: () => say("connecting"),
      connected: () => say("live"),
      closed: (event) => say(event.code === 1000 ? "idle" : describeClose(event)),
    },
  });

  return {
    fetcher(params, options) {
      const operation = findOperation(params);
      const request = { ...params, operationName: operation?.name?.value };
      if (operation?.operation === "subscription") return subscribe(client, request);
      return post(request, { ...authorization, ...options?.headers });
    },
    close() {
      current = false;
      onSocket("idle");
      client.dispose();
    },
  };
}

async function post(params, headers) {
  const response = await fetch("/graphql", {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/graphql-response+json, application/json;q=0.9",
      ...headers,
    },
    body: JSON.stringify(params),
  });
  // Refusals are GraphQL errors too, whatever the status.
  return response.json();
}

/** An iterator, not a generator: one that waits for the next event cannot be stopped before that comes. */
function subscribe(client, params) {
  const events = client.iterate(params);
  return {
    next: () => events.next().catch((error) => Promise.reject(readable(error))),
    return: () => events.return(),
    throw: (error) => events.throw(error),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/**
 * The operation that is meant. GraphiQL says which one, and what it is; but what it knows is a moment old,
 * and who pastes a subscription and runs it at once would have it sent by POST under the name of what stood
 * there before.
 */
function findOperation({ query, operationName }) {
  try {
    const operations = parse(query).definitions.filter(({ kind }) => kind === "OperationDefinition");
    return operations.find(({ name }) => name?.value === operationName) ?? operations[0];
  } catch {
    // It does not parse: the server says why.
    return undefined;
  }
}

/** What GraphiQL shows in place of a result. */
function readable(error) {
  const isClose = typeof CloseEvent !== "undefined" && error instanceof CloseEvent;
  return isClose ? { message: `the socket was ${describeClose(error)}` } : error;
}

function describeClose({ code, reason }) {
  return `closed: ${code} ${reason}`.trim();
}
