// Apollo Client: over graphql-ws, and by multipart responses where there is no socket.

import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { SetContextLink } from "@apollo/client/link/context";
import { RetryLink } from "@apollo/client/link/retry";
import { GraphQLWsLink } from "@apollo/client/link/subscriptions";
import { FEED, play } from "./scene.mjs";
import { socketClient } from "./socket.mjs";
import { throughCuts, throughHeartbeats, throughRestarts } from "./stories.mjs";

function follow(scene, link) {
  const client = new ApolloClient({ link, cache: new InMemoryCache() });
  client.subscribe({ query: gql(FEED) }).subscribe({
    next: scene.inbox.take,
    error: scene.fail,
    complete: () => scene.fail("the subscription was completed"),
  });
}

const overSocket = (scene) => follow(scene, new GraphQLWsLink(socketClient(scene)));

/** What fails is begun again, each time with the headers of that moment. */
function overMultipart(scene) {
  const attempts = async (count) => {
    await scene.patience(count - 1);
    return true;
  };
  const headers = () => ({
    headers: {
      authorization: scene.authorization,
      ...(scene.inbox.cursor && { "last-event-id": scene.inbox.cursor }),
    },
  });
  const retry = new RetryLink({ attempts, delay: () => 0 });
  const http = new HttpLink({ uri: scene.http("/graphql") });
  follow(scene, ApolloLink.from([retry, new SetContextLink(headers), http]));
}

await play({
  "over-a-socket": (scene) => throughCuts(scene, overSocket),
  "over-multipart": (scene) => throughCuts(scene, overMultipart),
  "over-multipart-through-restarts": (scene) => throughRestarts(scene, overMultipart),
  "multipart-heartbeats": (scene) => throughHeartbeats(scene, "\r\n\r\n{}\r\n", overMultipart),
});
