// urql: over graphql-ws, and by its own fetch where there is no socket, as an event stream or multipart.

import { Client, fetchExchange, subscriptionExchange } from "@urql/core";
import { FEED, play } from "./scene.mjs";
import { socketClient } from "./socket.mjs";
import { throughCuts, throughRestarts } from "./stories.mjs";

function overSocket(scene) {
  const socket = socketClient(scene);
  const forwardSubscription = ({ query = "", variables }) => ({
    subscribe: (sink) => ({ unsubscribe: socket.subscribe({ query, variables }, sink) }),
  });
  const client = new Client({
    url: scene.http("/graphql"),
    preferGetMethod: false,
    exchanges: [subscriptionExchange({ forwardSubscription })],
  });
  client.subscription(FEED, {}).subscribe(scene.inbox.take);
}

/** urql does not come back by itself: the application subscribes anew, after what it has. */
function byFetch(scene, headers = {}) {
  const client = new Client({
    url: scene.http("/graphql"),
    preferGetMethod: false,
    exchanges: [fetchExchange],
    fetchSubscriptions: true,
    fetchOptions: () => ({ headers: { authorization: scene.authorization, ...headers } }),
  });
  let attempt = 0;
  const subscribe = () => {
    const feed = client.subscription(FEED, { after: scene.inbox.cursor }).subscribe((result) => {
      // Where the stream ended without an error, urql repeats the last result, marked as the last.
      if (result.error?.networkError || !result.hasNext) {
        feed.unsubscribe();
        scene.patience(attempt++).then(subscribe);
        return;
      }
      attempt = 0;
      scene.inbox.take(result);
    });
  };
  subscribe();
}

await play({
  "over-a-socket": (scene) => throughCuts(scene, overSocket),
  "as-an-event-stream": (scene) => throughCuts(scene, (scene) => byFetch(scene)),
  "as-an-event-stream-through-restarts": (scene) => throughRestarts(scene, (scene) => byFetch(scene)),
  "as-multipart": (scene) =>
    throughCuts(scene, (scene) => byFetch(scene, { accept: "multipart/mixed;subscriptionSpec=1.0" })),
});
