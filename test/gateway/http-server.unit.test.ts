import { request } from "node:http";
import { expect, test } from "vitest";
import { createHttpServer } from "../../gateway/http-server.ts";

const LOCAL = { host: "127.0.0.1", port: 0 };

test("a stopping server answers what it has taken, and takes nothing more", async () => {
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
  const { promise: mayAnswer, resolve: letAnswer } = Promise.withResolvers<void>();
  const server = createHttpServer(async (_, response) => {
    arrive();
    await mayAnswer;
    response.end("answered");
  }, LOCAL);
  await server.start();
  const url = `http://127.0.0.1:${server.port()}`;
  const taken = fetch(url);
  await arrived;
  const stopped = server.stop();
  await expect(fetch(url)).rejects.toThrow();
  letAnswer();
  const answer = await taken;
  expect(answer.headers.get("connection")).toBe("close");
  expect(await answer.text()).toBe("answered");
  await stopped;
});

test("a stopping server does not wait for idle connections", async () => {
  const server = createHttpServer((_, response) => void response.end("ok"), LOCAL);
  await server.start();
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  request({ host: "127.0.0.1", port: server.port(), headers: { connection: "keep-alive" } }, (answer) => {
    answer.resume();
    answer.socket.on("close", () => resolve());
  }).end();
  await (await fetch(`http://127.0.0.1:${server.port()}`)).text();
  await server.stop();
  await closed;
});

test("a taken port makes the start fail", async () => {
  const first = createHttpServer((_, response) => void response.end(), LOCAL);
  await first.start();
  const second = createHttpServer((_, response) => void response.end(), { ...LOCAL, port: first.port() });
  await expect(second.start()).rejects.toMatchObject({ code: "EADDRINUSE" });
  await first.stop();
});
