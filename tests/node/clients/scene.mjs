// What surrounds a client in its test: the platform that publishes, a line to the server, an inbox.
//
//     node clients/NAME.mjs URL TOKEN[,TOKEN] PLATFORM_TOKEN [STORY]
//
// TOKEN is of a member of campus north, PLATFORM_TOKEN of a service. A script ends with 0 when all went well, and says
// why when it did not. Nothing here sleeps; after PATIENCE a script gives up, and shows how far it has come.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { inspect } from "node:util";
import { Inbox } from "./inbox.mjs";
import { Line } from "./line.mjs";

/** Reached only by a test that fails, so it allows for a busy machine. Milliseconds. */
const PATIENCE = 90_000;
/** How often a condition that nobody announces is looked at. Milliseconds. */
const PROBE_EVERY = 20;

export const FEED = /* GraphQL */ `
  subscription Feed($after: String) {
    feed(after: $after) {
      __typename
      cursor
      ... on NotificationAdded {
        replayed
        notification {
          id
          title
        }
      }
      ... on FeedProgress {
        live
      }
    }
  }
`;

const PUBLISH = /* GraphQL */ `
  mutation Publish($input: CampusBroadcastInput!) {
    broadcastToCampus(input: $input) {
      notification {
        id
      }
    }
  }
`;

/** Plays one of a script's stories, `{ name: async (scene) => … }`: the one that the command line names, or the first. */
export async function play(stories) {
  const [url, tokens, platformToken, name = Object.keys(stories)[0]] = process.argv.slice(2);
  if (!url || !tokens || !platformToken || !(name in stories)) {
    fail(`usage: node NAME.mjs URL TOKEN[,TOKEN] PLATFORM_TOKEN [${Object.keys(stories).join("|")}]`, 2);
  }
  const scene = new Scene(new URL(url), tokens.split(","), platformToken);
  setTimeout(() => scene.fail(`gave up after ${PATIENCE} ms`), PATIENCE);
  process.on("uncaughtException", scene.fail);
  process.on("unhandledRejection", scene.fail);
  await scene.line.open();
  await stories[name](scene);
  console.log(`${name}: passed`);
  process.exit(0);
}

function fail(why, code = 1) {
  console.error(why);
  process.exit(code);
}

/** Everything around a client. */
class Scene {
  constructor(server, tokens, platformToken) {
    this.server = server;
    this.tokens = tokens;
    this.platformToken = platformToken;
    this.line = new Line(server);
    this.inbox = new Inbox();
    this.published = [];
  }

  /** For everything that is not to happen: an error, a close event, or a few words. */
  fail = (why) => {
    const told = this.inbox.toString() || "nothing";
    const said = why.type === "close" ? `closed: ${why.code} ${why.reason}` : inspect(why, { depth: 2 });
    fail(`${said}\nreceived so far:\n${told}`);
  };

  get authorization() {
    return `Bearer ${this.tokens[0]}`;
  }

  /** An address of the server, through the line. */
  http(path) {
    return `http://127.0.0.1:${this.line.port}${path}`;
  }

  get socket() {
    return `ws://127.0.0.1:${this.line.port}/graphql/ws`;
  }

  /**
   * What a client waits for before it tries again: nothing the first time, so that it meets a line that is still cut;
   * then until the line is mended.
   */
  patience = async (attempt) => {
    if (attempt > 0) await this.line.whole();
  };

  /**
   * Tells campus north, one title after the other, past the line. A server that does not answer is asked again, under
   * the same key.
   */
  async publish(...titles) {
    for (const title of titles) {
      const content = { type: "SYSTEM_ANNOUNCEMENT", title, message: "Nothing but the title matters." };
      const input = { campusKey: "north", content, idempotencyKey: randomUUID() };
      const body = JSON.stringify({ query: PUBLISH, variables: { input } });
      const headers = { "content-type": "application/json", authorization: `Bearer ${this.platformToken}` };
      const answer = await until(() =>
        fetch(new URL("/graphql", this.server), { method: "POST", headers, body })
          .then((response) => response.json())
          .then((answer) => (isUnavailable(answer) ? null : answer))
          .catch(() => null),
      );
      assert(answer.data?.broadcastToCampus.notification, `not published: ${JSON.stringify(answer)}`);
      this.published.push(title);
    }
  }

  /** A page's `feedCursor`: where the feed stands now. */
  async feedCursor() {
    const headers = { "content-type": "application/json", authorization: this.authorization };
    const body = JSON.stringify({ query: "{ notifications { feedCursor } }" });
    const response = await fetch(new URL("/graphql", this.server), { method: "POST", headers, body });
    return (await response.json()).data.notifications.feedCursor;
  }

  /** Asks whoever runs this script to restart the server, and waits until that is done. */
  async restart(how) {
    const witness = connect(this.server.port, this.server.hostname);
    await once(witness, "connect");
    // However it goes.
    witness.on("error", () => {});
    const gone = new Promise((resolve) => witness.on("close", resolve));
    console.log(`restart: ${how}`);
    await gone;
    await until(() =>
      fetch(new URL("/readyz", this.server))
        .then((response) => response.ok)
        .catch(() => false),
    );
  }

  /** What was published has come, each once, in order, and nothing else. */
  async expectAll() {
    await this.publish("the last");
    await this.inbox.has("the last");
    this.inbox.expect(this.published);
  }
}

const isUnavailable = ({ errors }) => errors?.[0]?.extensions?.code === "UNAVAILABLE";

/** Calls until there is an answer. */
async function until(probe) {
  for (;;) {
    const answer = await probe();
    if (answer) return answer;
    await pause(PROBE_EVERY);
  }
}
