import type { OperationFacts } from "../../domain/events.ts";

/** An operation as the API shows it: money is exact text inside and a JSON number outside. */
export function operationView(operation: OperationFacts) {
  const { send, receive, rate, fee, currency } = operation.amount;
  return {
    ...operation,
    amount: { send: Number(send), receive: Number(receive), rate: Number(rate), fee: Number(fee), currency },
  };
}
