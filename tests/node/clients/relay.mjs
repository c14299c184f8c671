// Relay, whose network layer subscribes over graphql-ws.

import relay from "relay-runtime";
import { FEED, play } from "./scene.mjs";
import { socketClient } from "./socket.mjs";
import { throughCuts } from "./stories.mjs";

const { Environment, Network, Observable, RecordSource, Store, requestSubscription } = relay;

// What Relay's compiler makes of FEED, written by hand: the compiler is 118 MB.
const scalar = (name) => ({ alias: null, args: null, kind: "ScalarField", name, storageKey: null });
const linked = (name, concreteType, selections, args = null) => ({
  alias: null,
  args,
  concreteType,
  kind: "LinkedField",
  name,
  plural: false,
  selections,
  storageKey: null,
});
const on = (type, selections) => ({ kind: "InlineFragment", selections, type, abstractKey: null });
const argumentDefinitions = [{ defaultValue: null, kind: "LocalArgument", name: "after" }];
const selections = [
  linked(
    "feed",
    null,
    [
      scalar("__typename"),
      scalar("cursor"),
      on("NotificationAdded", [
        scalar("replayed"),
        linked("notification", "Notification", [scalar("id"), scalar("title")]),
      ]),
      on("FeedProgress", [scalar("live")]),
    ],
    [{ kind: "Variable", name: "after", variableName: "after" }],
  ),
];
const name = "Feed";
const subscription = {
  fragment: {
    argumentDefinitions,
    kind: "Fragment",
    metadata: null,
    name,
    selections,
    type: "Subscription",
    abstractKey: null,
  },
  kind: "Request",
  operation: { argumentDefinitions, kind: "Operation", name, selections },
  params: { cacheID: name, id: null, metadata: {}, name, operationKind: "subscription", text: FEED },
  hash: name,
};

function follow(scene) {
  const client = socketClient(scene);
  const fetchNothing = () => scene.fail("nothing was asked over HTTP");
  const subscribe = ({ name, text }, variables) =>
    Observable.create((sink) => client.subscribe({ operationName: name, query: text, variables }, sink));
  const environment = new Environment({
    network: Network.create(fetchNothing, subscribe),
    store: new Store(new RecordSource()),
  });
  requestSubscription(environment, {
    subscription,
    variables: {},
    onNext: (data) => scene.inbox.take({ data }),
    onError: scene.fail,
    onCompleted: () => scene.fail("the subscription was completed"),
  });
}

await play({ cuts: (scene) => throughCuts(scene, follow) });
