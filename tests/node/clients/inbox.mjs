// What a client was told, in the order in which it handed it over.

import assert from "node:assert/strict";

export class Inbox {
  #events = [];
  #waiting = new Set();
  /** Of the last event. */
  cursor = null;

  /** Takes a result as a client hands it over; anything but an event is a failure. */
  take = (result) => {
    const event = result.data?.feed;
    assert(event && !result.errors && !result.error, `not an event: ${JSON.stringify(result)}`);
    assert(typeof event.cursor === "string", `an event without a cursor: ${JSON.stringify(event)}`);
    this.cursor = event.cursor;
    this.#events.push(event);
    for (const look of [...this.#waiting]) look();
  };

  /** Waits until something holds for the events. */
  #when(holds) {
    return new Promise((resolve) => {
      const look = () => {
        if (!holds(this.#events)) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }

  /** Waits until the feed has been live so often. */
  live(times) {
    return this.#when((events) => events.filter((event) => event.live).length >= times);
  }

  /** Waits for a notification. */
  has(title) {
    return this.#when((events) => events.some((event) => event.notification?.title === title));
  }

  get titles() {
    return this.#events.flatMap((event) => event.notification?.title ?? []);
  }

  expect(titles) {
    const told = this.titles;
    const at = Array.from({ length: Math.max(told.length, titles.length) }).findIndex((_, n) => told[n] !== titles[n]);
    assert(at === -1, `told "${told[at]}" as the ${at + 1}th of ${told.length}, where "${titles[at]}" was expected`);
  }

  toString() {
    return this.#events.map((event) => JSON.stringify(event)).join("\n");
  }
}
