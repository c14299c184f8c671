// graphql-ws: through cuts and restarts, with its keep-alive, and how the server's close codes reach an application.

import assert from "node:assert/strict";
import { promise } from "./line.mjs";
import { FEED, play } from "./scene.mjs";
import { socketClient } from "./socket.mjs";
import { throughCuts, throughRestarts } from "./stories.mjs";

function follow(scene, client, variables) {
  const complete = () => scene.fail("the subscription was completed");
  client.subscribe({ query: FEED, variables }, { next: scene.inbox.take, error: scene.fail, complete });
}

/** The error that a subscription ends with. */
function failure(client, query = FEED) {
  return new Promise((error, reject) => {
    const unexpected = (what) => reject(new Error(`not refused: ${JSON.stringify(what)}`));
    client.subscribe({ query }, { next: () => {}, error, complete: unexpected });
  });
}

/** Options of a client that says something else than it means. */
const says = (instead) => ({
  jsonMessageReplacer: (key, value) => (key === "" ? (instead[value.type]?.(value) ?? value) : value),
});

await play({
  cuts: (scene) => throughCuts(scene, () => follow(scene, socketClient(scene))),

  // The client says `after` anew each time; the later of the two places counts.
  "cuts-after-a-page": async (scene) => {
    const after = await scene.feedCursor();
    await scene.publish("after the page");
    await throughCuts(scene, () => follow(scene, socketClient(scene), { after }));
  },

  restarts: async (scene) => {
    const codes = [];
    const on = { closed: ({ code }) => codes.push(code) };
    await throughRestarts(scene, () => follow(scene, socketClient(scene, { on })));
    assert(codes[0] === 1012, `the server was asked to end, and closed with ${codes[0]}`);
  },

  // A socket is held before anyone subscribes, and kept alive by pings both of which arrive.
  "keep-alive": async (scene) => {
    const answered = promise();
    let [pings, pongs, connections] = [0, 0, 0];
    const on = {
      connected: () => (connections += 1),
      ping: (received) => received || (pings += 1),
      pong: (received) => received && (pongs += 1) === 5 && answered.resolve(),
      closed: scene.fail,
    };
    const client = socketClient(scene, { lazy: false, keepAlive: 20, onNonLazyError: scene.fail, on });
    await answered.promise;
    assert(pings >= pongs, `${pongs} pongs to ${pings} pings`);
    follow(scene, client);
    await scene.inbox.live(1);
    await scene.expectAll();
    assert(connections === 1, `${connections} connections`);
  },

  // Started with a short ping interval. What the server pings with is the WebSocket's own; `ws` answers it by itself.
  pings: async (scene) => {
    const pinged = promise();
    let pings = 0;
    const count = () => (pings += 1) === 3 && pinged.resolve();
    const on = { opened: (socket) => socket.on("ping", count), closed: scene.fail };
    follow(scene, socketClient(scene, { on }));
    await pinged.promise;
    await scene.expectAll();
  },

  // The protocol's codes for what a client does wrong: the client gives up for good, and says which.
  "close-codes": async (scene) => {
    const subscribe = { id: "1", type: "subscribe", payload: { query: "{ __typename }" } };
    const wrong = {
      4400: says({ subscribe: (message) => ({ ...message, type: "subscribed" }) }),
      4401: says({ connection_init: () => subscribe }),
      4429: says({ subscribe: () => ({ type: "connection_init" }) }),
    };
    for (const [code, options] of Object.entries(wrong)) {
      const error = await failure(socketClient(scene, options));
      assert(error.code === Number(code), `${code} was expected: ${error.code} ${error.reason}`);
    }
    const client = socketClient(scene, { generateID: () => "the same" });
    const errors = await Promise.all([failure(client), failure(client)]);
    assert(errors.every(({ code }) => code === 4409), `4409 was expected: ${errors.map(({ code }) => code)}`);
  },

  // The one code that a client need not take for final: its next token may be better.
  "a-bad-token": async (scene) => {
    const connectionParams = () => ({ authorization: "Bearer not.a.token" });
    const final = await failure(socketClient(scene, { connectionParams, retryAttempts: 0 }));
    assert(final.code === 4403, `4403 was expected: ${final.code} ${final.reason}`);

    const codes = [];
    const tokens = ["Bearer not.a.token", scene.authorization];
    const client = socketClient(scene, {
      connectionParams: () => ({ authorization: tokens.shift() }),
      on: { closed: ({ code }) => codes.push(code) },
    });
    follow(scene, client);
    await scene.inbox.live(1);
    await scene.expectAll();
    assert(codes.join() === "4403", `closed with ${codes}`);
  },

  // Started with a short init time-out. A client that has not found its token by then is told, and comes back.
  "a-late-token": async (scene) => {
    const codes = [];
    let times = 0;
    const never = new Promise(() => {});
    const client = socketClient(scene, {
      connectionParams: () => (times++ === 0 ? never : { authorization: scene.authorization }),
      on: { closed: ({ code }) => codes.push(code) },
    });
    follow(scene, client);
    await scene.inbox.live(1);
    await scene.expectAll();
    assert(codes.join() === "4408", `closed with ${codes}`);
  },

  // The first of two tokens lasts for seconds only: the client comes back with the second, and misses nothing.
  "a-token-that-runs-out": async (scene) => {
    const codes = [];
    const closed = promise();
    const on = {
      closed: ({ code }) => {
        codes.push(code);
        closed.resolve();
      },
    };
    const client = socketClient(scene, { retryWait: () => scene.line.whole(), on });
    follow(scene, client);
    await scene.inbox.live(1);
    await scene.publish("before");
    await scene.inbox.has("before");
    scene.line.hold();
    await closed.promise;
    scene.tokens.shift();
    await scene.publish("meanwhile");
    scene.line.mend();
    await scene.expectAll();
    assert(codes.join() === "4403", `closed with ${codes}`);
  },

  // Started with room for one socket a user. Whoever comes too many is sent away for now, and gets in when there is room.
  "one-too-many": async (scene) => {
    const [connected, gone] = [promise(), promise()];
    const on = { connected: connected.resolve, closed: gone.resolve };
    const first = socketClient(scene, { lazy: false, onNonLazyError: scene.fail, on });
    await connected.promise;
    const codes = [];
    const closed = ({ code }) => {
      codes.push(code);
      first.dispose();
    };
    // The server may learn a moment later that there is room.
    const patience = { retryWait: () => gone.promise, retryAttempts: Infinity };
    follow(scene, socketClient(scene, { ...patience, on: { closed } }));
    await scene.inbox.live(1);
    await scene.expectAll();
    assert(codes.length > 0 && codes.every((code) => code === 1013), `closed with ${codes}`);
  },

  // What is wrong with an operation is told to whoever began it; the others on the socket go on.
  "a-bad-operation": async (scene) => {
    const client = socketClient(scene, { on: { closed: scene.fail } });
    follow(scene, client);
    await scene.inbox.live(1);
    const errors = await failure(client, "subscription { ring }");
    assert(errors[0]?.extensions?.code === "GRAPHQL_VALIDATION_FAILED", JSON.stringify(errors));
    await scene.expectAll();
  },
});
