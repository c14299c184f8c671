// The way to the server, which a test can cut.

import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer } from "node:net";

/** A promise, and what fulfils it. */
export function promise() {
  let resolve;
  return { promise: new Promise((fulfil) => (resolve = fulfil)), resolve };
}

/** A TCP proxy in front of the server, as whole or broken as a test wants it. */
export class Line {
  #server;
  #pairs = new Set();
  #mended = promise();
  #isCut = false;
  /** Called with what the server says. */
  overheard = () => {};

  constructor(server) {
    this.#server = server;
  }

  async open() {
    const listener = createServer((client) => this.#accept(client));
    listener.listen(0, "127.0.0.1");
    await once(listener, "listening");
    this.port = listener.address().port;
    this.#mended.resolve();
  }

  #accept(client) {
    if (this.#isCut) return client.destroy();
    const server = connect(this.#server.port, this.#server.hostname);
    const pair = [client, server];
    this.#pairs.add(pair);
    server.on("data", (bytes) => this.overheard(bytes.toString()));
    for (const [one, other] of [pair, pair.toReversed()]) {
      one.pipe(other);
      // Its end is passed on by the pipe.
      one.on("error", () => other.destroy());
      one.on("close", () => this.#pairs.delete(pair));
    }
  }

  /** From now on nobody gets through; who is connected stays so. */
  hold() {
    this.#isCut = true;
    this.#mended = promise();
  }

  /** Drops every connection, by a reset or without one. What is under way is lost. */
  cut(how) {
    assert(this.#pairs.size > 0, "there is no connection to cut");
    this.hold();
    for (const [client, server] of this.#pairs) {
      server.destroy();
      if (how === "reset") client.resetAndDestroy();
      else client.destroy();
    }
  }

  mend() {
    this.#isCut = false;
    this.#mended.resolve();
  }

  whole() {
    return this.#mended.promise;
  }
}
