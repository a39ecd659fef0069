import { expect, test } from "vitest";
import type { Command } from "../../domain/commands.ts";
import type { Happening } from "../../domain/events.ts";
import type { Amount, OperationUpdate } from "../../domain/operation/operation.ts";
import type { Problem, RefusalFacts } from "../../domain/refusals.ts";
import type {
  FieldValue,
  IgnoredField,
  ImageReference,
  Path,
  PaymentMethod,
  Values,
} from "../../domain/user/fields.ts";
import type { UserAddress } from "../../domain/user/user.ts";
import type * as wire from "../../schemas/generated.ts";

// Nothing here runs: the functions below compile only while what the schemas say is what the domain says.

type Frozen<T> = T extends object ? { readonly [key in keyof T]: Frozen<T[key]> } : T;

/** The values are looser in the domain (any path may hold any kind); the schema says which path holds what. */
type WithWireValues<C> = C extends { readonly values: Values }
  ? Omit<C, "values"> & { readonly values: Frozen<wire.Values> }
  : never;

type Told<E> = E extends { readonly type: infer Type; readonly data: infer Data }
  ? { readonly type: Type; readonly data: Data }
  : never;

type WireEvent = Frozen<wire.UserEventMessage>;

const promises = {
  everyCommandOnTheWireIsACommand: (command: Frozen<wire.UserCommand>): Command => command,
  everyCommandFitsTheWire: (command: WithWireValues<Command>): Frozen<wire.UserCommand> => command,
  everyEventOnTheWireIsAHappening: (event: WireEvent): Told<Happening> => event,
  everyHappeningFitsTheWire: (happening: Told<Happening>): Told<WireEvent> => happening,
  everyEventNamesItsUser: (event: WireEvent): UserAddress => event,
  valuesAreValues: (values: Frozen<wire.Values>): Values => values,
  everyPathHasAValueOnTheWire: (path: Path): keyof wire.Values => path,
  everyValueIsAFieldValue: (value: NonNullable<wire.Values[keyof wire.Values]>): FieldValue => value,
  paymentMethods: (method: Frozen<wire.PaymentMethod>): PaymentMethod => method,
  paymentMethodsBack: (method: PaymentMethod): Frozen<wire.PaymentMethod> => method,
  images: (image: Frozen<wire.ImageReference>): ImageReference => image,
  imagesBack: (image: ImageReference): Frozen<wire.ImageReference> => image,
  amounts: (amount: Frozen<wire.Amount>): Amount => amount,
  amountsBack: (amount: Amount): Frozen<wire.Amount> => amount,
  ignoredFields: (field: Frozen<wire.IgnoredField>): IgnoredField => field,
  ignoredFieldsBack: (field: IgnoredField): Frozen<wire.IgnoredField> => field,
  problems: (problem: Problem): Frozen<wire.ProblemOfInput> => problem,
  refusalFacts: (facts: RefusalFacts): Frozen<Omit<wire.ErrorFacts, "code" | "message">> => facts,
  updateStatuses: (status: wire.OperationUpdateMessage["status"]): OperationUpdate["status"] => status,
  updateStatusesBack: (status: OperationUpdate["status"]): wire.OperationUpdateMessage["status"] => status,
} as const;

test("the types of the wire are those of the domain (checked by the compiler)", () => {
  expect(Object.keys(promises)).not.toHaveLength(0);
});
