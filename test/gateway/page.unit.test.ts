import { describe, expect, test } from "vitest";
import { until } from "../support/until.ts";
import { openPage, type PageAnswer, type PageCall } from "./fake-page.ts";

const LINK = "link_acme_0123456789ab";
const URL_OF_LINK = `https://pay.example/${LINK}/m2m-basic#0f0e-token`;
const CALLS = `../widget/links/${LINK}`;

const SESSION = {
  ...{ linkId: LINK, status: "opened", version: 0, steps: ["data", "cip", "payment_method", "confirm", "done"] },
  ...{ missingFields: ["name.firstName", "name.secondName", "dob"], prefilled: {}, userState: "data_incomplete" },
  ...{ language: null, theme: null, expiresAt: "2026-03-01T12:30:00.000Z" },
};
const session = (change: object): PageAnswer => ({
  status: 200,
  json: { success: true, data: { ...SESSION, ...change } },
});
const refused = (status: number, error: object): PageAnswer => ({ status, json: { success: false, error } });

/** Answers one after the other; the last one for ever. */
function inTurn(...answers: (PageAnswer | Error)[]) {
  return (): PageAnswer | Error => (answers.length > 1 ? answers.shift()! : answers[0]!);
}

const summary = ({ method, path }: PageCall) => `${method} ${path.replace(CALLS, "")}`;

describe("the page behind a link", () => {
  test("C6 it reads the session with the secret of the fragment and opens only when the button is pressed", async () => {
    const created = session({ status: "created", steps: ["open", "data"] });
    const page = await openPage(URL_OF_LINK, inTurn(created, session({})));
    expect(page.calls.map(summary)).toEqual(["GET "]);
    expect(page.calls[0]?.headers["Authorization"]).toBe("Bearer 0f0e-token");
    expect(page.title()).toBe("Your transfer is ready to begin");
    await page.press();
    expect(page.calls.map(summary)).toEqual(["GET ", "POST /open"]);
    expect(page.title()).toBe("A few details about you");
  });

  test("it asks for exactly what is missing, and takes that there is no second name", async () => {
    const page = await openPage(
      URL_OF_LINK,
      inTurn(session({}), session({ version: 1, steps: ["cip"], missingFields: [] })),
    );
    page.type("name.firstName", " Ana ");
    page.check("none:name.secondName");
    page.type("dob", "1990-05-15");
    await page.press();
    expect(page.calls[1]).toMatchObject({
      method: "PUT",
      body: {
        version: 0,
        userData: { name: { firstName: "Ana" }, dob: "1990-05-15", notApplicable: ["name.secondName"] },
      },
    });
    expect(page.calls[1]?.headers["Idempotency-Key"]).toMatch(/^[0-9a-f]{32}$/);
    expect(page.title()).toBe("Verify your identity");
  });

  test("a problem stands at its field, and nothing typed is lost, also when another tab was faster", async () => {
    const details = [{ path: "userData.dob", code: "in_the_future", message: "must not be in the future" }];
    const page = await openPage(
      URL_OF_LINK,
      inTurn(
        session({}),
        refused(400, { code: "INVALID_REQUEST", message: "must not be in the future", details }),
        refused(409, { code: "STEP_OUT_OF_DATE", message: "This page is out of date" }),
        session({ version: 3 }),
      ),
    );
    page.type("name.firstName", "Ana");
    page.type("dob", "2999-01-01");
    await page.press();
    expect(page.field("dob").attributes.get("aria-invalid")).toBe("true");
    expect(page.text()).toContain("must not be in the future");
    await page.press();
    expect(page.problem()).toBe("This page is out of date");
    expect(page.field("name.firstName")["value"]).toBe("Ana");
    await page.press();
    expect(page.calls.at(-1)).toMatchObject({ body: { version: 3 } });
  });

  test("what did not arrive is sent again under the same key, so that it cannot act twice", async () => {
    const page = await openPage(URL_OF_LINK, inTurn(session({}), new TypeError("offline"), session({ version: 1 })));
    page.type("name.firstName", "Ana");
    await page.press();
    expect(page.problem()).toContain("No connection");
    await page.press();
    const [, first, again] = page.calls;
    expect(again?.headers["Idempotency-Key"]).toBe(first?.headers["Idempotency-Key"]);
  });

  test("it waits for the identity check and moves on by itself", async () => {
    const page = await openPage(
      URL_OF_LINK,
      inTurn(
        session({ steps: ["cip", "confirm"], userState: "data_complete", missingFields: [] }),
        { ...session({ steps: ["cip", "confirm"], userState: "cip_pending" }), status: 202 },
        session({ steps: ["cip", "confirm"], userState: "cip_pending" }),
        session({ steps: ["cip", "confirm"], userState: "cip_pending" }),
        session({ steps: ["payment_method", "confirm"], userState: "cip_verified" }),
      ),
    );
    page.check("consent");
    await page.press();
    expect(page.calls[1]).toMatchObject({ method: "POST", path: `${CALLS}/cip`, body: { consent: true } });
    expect(page.text()).toContain("We are checking your details");
    const readings = page.titleReadings();
    await page.wait();
    expect(page.titleReadings()).toBe(readings);
    await page.wait();
    expect(page.title()).toBe("Where should the money go?");
  });

  test("J2 a payment method, a confirmation, and the outcome", async () => {
    const operation = { status: "created", operationId: "op_acme_1" };
    const prefilled = {
      paymentMethod: { type: "bank_account", bankAccount: { country: "MX", accountNumber: "****5678" } },
    };
    const page = await openPage(
      URL_OF_LINK,
      inTurn(
        session({ steps: ["payment_method", "confirm", "done"], userState: "cip_verified" }),
        session({ steps: ["confirm", "done"], userState: "cip_verified", version: 1, prefilled }),
        { status: 201, json: { success: true, data: operation } },
        session({ steps: ["done"], operation }),
        session({
          steps: ["done"],
          status: "completed",
          operation: { ...operation, status: "completed" },
          redirectUrl: "https://back.example",
        }),
      ),
    );
    page.type("country", "mx");
    page.type("accountNumber", "0123 5678".replace(" ", ""));
    await page.press();
    expect(page.calls[1]?.body).toEqual({
      version: 0,
      userData: { paymentMethod: { type: "bank_account", bankAccount: { country: "MX", accountNumber: "01235678" } } },
    });
    expect(page.text()).toContain("Bank account MX ****5678");
    page.type("send", "100.10");
    await page.press();
    expect(page.calls[2]?.body).toEqual({ amount: { send: 100.1, currency: { source: "USD", destination: "MXN" } } });
    expect(page.text()).toContain("We have your transfer");
    await page.wait();
    expect(page.text()).toContain("Your transfer is complete");
    expect(page.text()).toContain("Back");
  });

  test("J5 a transfer that nobody works on yet can be cancelled, once; what comes of it is shown", async () => {
    const operation = { status: "created", operationId: "op_acme_1" };
    const doneWith = (change: object) => session({ steps: ["done"], operation: { ...operation, ...change } });
    const page = await openPage(
      URL_OF_LINK,
      inTurn(
        doneWith({}),
        { status: 200, json: { success: true, data: { ...operation, cancellation: "requested" } } },
        doneWith({ cancelRequested: true }),
        session({
          steps: ["confirm", "done"],
          operation: { ...operation, status: "cancelled", cancelRequested: true },
        }),
      ),
    );
    expect(page.text()).toContain("Cancel the transfer");
    await page.press();
    expect(page.calls[1]).toMatchObject({ method: "POST", path: `${CALLS}/operation/cancel`, body: {} });
    expect(page.text()).toContain("You asked to cancel");
    expect(page.text()).not.toContain("Cancel the transfer");
    await page.wait();
    expect(page.text()).toContain("The transfer was cancelled");
  });

  test("J5 one that is on its way offers no cancelling", async () => {
    const operation = { status: "processing", operationId: "op_acme_1" };
    const page = await openPage(URL_OF_LINK, inTurn(session({ steps: ["done"], operation })));
    expect(page.text()).toBe("Your transfer is on its way.");
  });

  test("C7 an expired link says so and shows the way back", async () => {
    const ended = session({ status: "expired", steps: [], expiredRedirectUrl: "https://back.example/expired" });
    const page = await openPage(URL_OF_LINK, inTurn(ended));
    expect(page.title()).toBe("This link has expired");
    expect(page.text()).toContain("Back");
  });

  test("C10 without the secret it asks nothing", async () => {
    const page = await openPage(`https://pay.example/${LINK}/m2m-basic`, inTurn(session({})));
    expect(page.calls).toEqual([]);
    expect(page.title()).toBe("This link is not complete");
  });

  test("it speaks the language of the link", async () => {
    const page = await openPage(URL_OF_LINK, inTurn(session({ language: "es" })));
    expect(page.title()).toBe("Algunos datos sobre ti");
  });

  test("while it waits it is told of the change, does not ask meanwhile, and asks when nobody tells any more", async () => {
    const steps = ["cip", "payment_method"];
    const running = session({ steps, userState: "cip_pending" });
    const verified = { ...SESSION, steps: ["payment_method"], userState: "cip_verified" };
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    const send = (text: string) => writer.write(new TextEncoder().encode(text));
    const page = await openPage(URL_OF_LINK, inTurn(running, session(verified)), () => ({ ok: true, body: readable }));
    const isTold = (title: string) => until(`the page shows "${title}"`, async () => page.title() === title);
    const pending = JSON.stringify({ ...SESSION, steps, userState: "cip_pending", version: 1 });
    await send(`event: session\ndata: ${pending}\n\n: still here\n\nevent: sess`);
    await page.wait();
    const asked = page.calls.length;
    await send(`ion\ndata: ${JSON.stringify(verified)}\n\n`);
    await isTold("Where should the money go?");
    expect(page.calls).toHaveLength(asked);
    await writer.close();
    await until("the page asks", async () => page.calls.length === asked + 1);
  });
});
