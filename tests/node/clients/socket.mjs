// graphql-ws as an application sets it up, on its own or below another client.

import { createClient } from "graphql-ws";
import WebSocket from "ws";

/**
 * It comes back with the last cursor among its connection parameters, so that whoever subscribes over it need know
 * nothing of cursors.
 */
export function socketClient(scene, options = {}) {
  return createClient({
    url: scene.socket,
    webSocketImpl: WebSocket,
    connectionParams: () => ({ authorization: scene.authorization, resumeAfter: scene.inbox.cursor }),
    // A connection that breaks off brings an error event before the close event: no reason to give up.
    shouldRetry: () => true,
    retryWait: scene.patience,
    ...options,
  });
}
