// What every client goes through. `start(scene)` has it follow the feed, and hand everything to `scene.inbox.take`.

import assert from "node:assert/strict";
import { promise } from "./line.mjs";

const numbered = (name, count) => Array.from({ length: count }, (_, n) => `${name} ${n + 1}`);

/** When its feed is live again, the client has caught up with what it missed. */
async function comeBack(scene, times) {
  scene.line.mend();
  await scene.inbox.live(times);
  scene.inbox.expect(scene.published);
}

/**
 * The client's connection is cut again and again, each time in the midst of a burst, and comes back when more has
 * happened.
 */
export async function throughCuts(scene, start) {
  await start(scene);
  await scene.inbox.live(1);
  await scene.publish(...numbered("before", 3));
  await scene.inbox.has("before 3");
  for (const [round, how] of ["reset", "end", "reset"].entries()) {
    const cut = scene.inbox.has(`burst ${round} 5`).then(() => scene.line.cut(how));
    await scene.publish(...numbered(`burst ${round}`, 20));
    await cut;
    await scene.publish(...numbered(`meanwhile ${round}`, 3));
    await comeBack(scene, round + 2);
  }
  await scene.expectAll();
}

/** The same, but it is the server that goes: asked to, and killed. */
export async function throughRestarts(scene, start) {
  await start(scene);
  await scene.inbox.live(1);
  for (const [round, how] of ["gently", "by force"].entries()) {
    const begun = scene.inbox.has(`${how} 5`);
    const burst = scene.publish(...numbered(how, 20));
    await begun;
    scene.line.hold();
    await scene.restart(how);
    await burst;
    await scene.publish(...numbered(`after ${how}`, 3));
    await comeBack(scene, round + 2);
  }
  await scene.expectAll();
}

/** While nothing happens, something is said so often to show that the stream lives; a client makes nothing of it. */
export async function throughHeartbeats(scene, heartbeat, start) {
  const beaten = promise();
  await start(scene);
  await scene.inbox.live(1);
  const told = scene.inbox.toString();
  let beats = 0;
  scene.line.overheard = (said) => said.includes(heartbeat) && (beats += 1) === 2 && beaten.resolve();
  await beaten.promise;
  assert(scene.inbox.toString() === told, "a heartbeat was taken for an event");
  await scene.expectAll();
}
