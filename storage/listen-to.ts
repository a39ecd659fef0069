import type { Redis } from "ioredis";

/**
 * Listens to one channel over a connection that does nothing else: from the moment Redis is there, and again after
 * every outage, until the connection is ended. What is published meanwhile is lost; `onListening` says when that was.
 */
export function listenTo(
  redis: Redis,
  channel: string,
  { hear, onListening }: { readonly hear: (message: string) => void; readonly onListening?: () => void },
): { readonly isListening: () => boolean } {
  let isListening = false;
  const listen = () => {
    // Nobody waits for this connection, so it may take the time it needs.
    redis.options.commandTimeout = undefined;
    return redis.subscribe(channel).then(
      () => {
        isListening = true;
        onListening?.();
      },
      // Without an answer the connection is useless: a new one begins with `ready` again.
      () => redis.disconnect(true),
    );
  };
  redis.on("close", () => {
    isListening = false;
  });
  redis.on("message", (from: string, message: string) => {
    if (from === channel) hear(message);
  });
  redis.on("ready", () => void listen());
  if (redis.status === "ready") void listen();
  return { isListening: () => isListening };
}
