import type { BenchSystem } from "../system.ts";

/**
 * Makes one user over HTTP who has given everything and has a link, and stops the processes that it needed; with
 * `isWaiting` it has opened the link and waits for the result of an identity check. A template for `multiplyUsers`.
 */
export async function makeTemplate(
  system: BenchSystem,
  referenceId: string,
  { isWaiting }: { readonly isWaiting: boolean },
): Promise<void> {
  const consumers = await system.startConsumers(["users"]);
  const gateway = await system.startGateway();
  const headers = { "content-type": "application/json" };
  const post = async (path: string, key: string, body: object) => {
    const given = {
      method: "POST",
      headers: { ...headers, authorization: `Bearer ${key}` },
      body: JSON.stringify(body),
    };
    const answer = await fetch(`${gateway.url}${path}`, given);
    const json = (await answer.json()) as { readonly data: { readonly linkId: string; readonly token: string } };
    if (!answer.ok) throw new Error(`${path} was answered ${answer.status}: ${JSON.stringify(json)}`);
    return json.data;
  };
  const { linkId, token } = await post("/partner/links", system.apiKey, { referenceId, userData: USER_DATA });
  if (isWaiting) {
    await post(`/widget/links/${linkId}/open`, token, {});
    await post(`/widget/links/${linkId}/cip`, token, {});
  }
  for (const child of [gateway.child, consumers]) {
    child.signal("SIGTERM");
    await child.exited;
  }
}

const USER_DATA = {
  name: { firstName: "Juana", secondName: "Maria", lastName: "Garcia", secondLastName: "Lopez" },
  idNumber: "GALJ900517001",
  dob: "1990-05-17",
  paymentMethod: { type: "bank_account", bankAccount: { country: "MX", accountNumber: "012345678901234567" } },
};
