// graphql-sse in its distinct connections mode: it comes back with `Last-Event-ID` among its headers.

import { createClient } from "graphql-sse";
import { FEED, play } from "./scene.mjs";
import { throughCuts, throughHeartbeats, throughRestarts } from "./stories.mjs";

function follow(scene) {
  const client = createClient({
    url: scene.http("/graphql/stream"),
    singleConnection: false,
    headers: () => ({
      authorization: scene.authorization,
      ...(scene.inbox.cursor && { "last-event-id": scene.inbox.cursor }),
    }),
    retry: scene.patience,
  });
  const complete = () => scene.fail("the subscription was completed");
  client.subscribe({ query: FEED }, { next: scene.inbox.take, error: scene.fail, complete });
}

await play({
  cuts: (scene) => throughCuts(scene, follow),
  restarts: (scene) => throughRestarts(scene, follow),
  heartbeats: (scene) => throughHeartbeats(scene, ":\n\n", follow),
});
