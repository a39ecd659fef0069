import { setTimeout as wait } from "node:timers/promises";
import { afterAll, expect } from "vitest";

/** What keeps a process alive and is never vitest's own: sockets, servers, child processes, worker threads. */
const KEEPERS = ["TCPSocketWrap", "TCPServerWrap", "ProcessWrap", "Worker", "UDPWrap"];
const PATIENCE_MS = 2_000;

const before = openKeepers();

// Registered before any hook of the test file, so it runs after all of them: whatever is open now was left behind.
afterAll(async () => {
  const deadline = Date.now() + PATIENCE_MS;
  // What was closed in the last hook may take a moment to be gone.
  while (leaked().length > 0 && Date.now() < deadline) await wait(10);
  expect(leaked(), "handles the test file left open").toEqual([]);
}, PATIENCE_MS * 2);

function leaked(): string[] {
  const rest = openKeepers();
  for (const known of before) {
    const index = rest.indexOf(known);
    if (index >= 0) rest.splice(index, 1);
  }
  return rest;
}

function openKeepers(): string[] {
  return process.getActiveResourcesInfo().filter((name) => KEEPERS.includes(name));
}
