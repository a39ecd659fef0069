import fc from "fast-check";
import type { PartnerSettings } from "../../domain/partner.ts";
import { REVIEW_DECISIONS } from "../../domain/review/decisions.ts";
import { PATHS, type Path } from "../../domain/user/fields.ts";
import { type Play, play, Refused } from "../support/domain.ts";
import { BANK_ACCOUNT, BASIC_DATA, CARD, type UserDataBody } from "../support/domain-commands.ts";

/** One thing that somebody tries; numbers choose among what is there when its turn comes. */
export interface Step {
  readonly run: (stage: Play) => void;
}

/** What a random history begins with and what is tried in it, in order. */
export interface RandomHistory {
  readonly settings: Partial<PartnerSettings>;
  readonly hasEndpoint: boolean;
  readonly steps: readonly Step[];
}

/**
 * Any partner, any commands in any order, about things that exist or not, with duplicates, and a clock that moves both
 * ways.
 */
export function randomHistories(maximumSteps: number): fc.Arbitrary<RandomHistory> {
  const steps = fc.array(step, { maxLength: maximumSteps, size: "max" });
  return fc.record({ settings, hasEndpoint: fc.boolean(), steps });
}

/** Plays it; what is refused is refused, everything else that is thrown is a bug. */
export function playHistory(history: RandomHistory, onStep?: (stage: Play) => void): Play {
  const { settings, hasEndpoint, steps } = history;
  const stage = play({ settings, endpoints: hasEndpoint ? [{ events: null }] : [] });
  for (const { run } of steps) {
    try {
      run(stage);
    } catch (thrown) {
      if (!(thrown instanceof Refused)) throw thrown;
    }
    onStep?.(stage);
  }
  return stage;
}

/** A step that a failing history is printed with. */
function told(what: string, run: (stage: Play) => void): Step {
  return Object.assign({ run }, { [fc.toStringMethod]: () => what });
}

const settings: fc.Arbitrary<Partial<PartnerSettings>> = fc.record(
  {
    dataRequestTrigger: fc.constantFrom("on_create" as const, "on_open" as const),
    requiredFieldsPolicy: fc.constantFrom<PartnerSettings["requiredFieldsPolicy"]>(
      "basic",
      "full",
      { name: "tiny", version: 2, fields: ["name.firstName"] },
      { name: "none", version: 1, fields: [] },
    ),
    acceptLateAnswers: fc.boolean(),
    maxCipAttempts: fc.integer({ min: 1, max: 3 }),
    reverifyGraceDays: fc.constantFrom(0, 14),
    cipValidForDays: fc.constantFrom(null, 30),
    cipOverdueMinutes: fc.constantFrom(1, 60),
    defaultExpiresInMinutes: fc.constantFrom(5, 60),
  },
  { requiredKeys: [] },
);

const someData: fc.Arbitrary<UserDataBody> = fc.record(
  {
    name: fc.record(
      {
        firstName: fc.constantFrom("Juan", "Juana", " juan "),
        secondName: fc.constantFrom("Carlos", "", null),
        lastName: fc.constantFrom("Garcia", "García"),
        secondLastName: fc.constantFrom("Lopez", "  "),
      },
      { requiredKeys: [] },
    ),
    idNumber: fc.constantFrom("GALO900515", "galo-900515", "XEXX010101"),
    idType: fc.constantFrom("CURP", "PASSPORT"),
    dob: fc.constantFrom("1990-05-15", "1991-05-15"),
    paymentMethod: fc.constantFrom(BANK_ACCOUNT, CARD, null),
  },
  { requiredKeys: [] },
);

const { secondName: _none, ...twoNames } = BASIC_DATA.name;

/** What somebody may send as userData. */
export const userData: fc.Arbitrary<UserDataBody> = fc.oneof(
  someData,
  fc.constant(BASIC_DATA),
  fc.constant({ ...BASIC_DATA, name: twoNames, notApplicable: ["name.secondName"] }),
  fc.constant({ ...BASIC_DATA, paymentMethod: BANK_ACCOUNT }),
);

/** The newest of a kind mostly, an older one sometimes. */
const back = fc.constantFrom(0, 0, 0, 0, 1, 2);

function fromEnd<Thing>(things: readonly Thing[], steps: number): Thing | undefined {
  return things.at(-1 - steps) ?? things.at(-1);
}

const linkOf = (stage: Play, steps: number) => fromEnd(stage.record().links, steps)?.linkId ?? "link_acme_none";
const show = (...what: readonly unknown[]) => what.map((part) => JSON.stringify(part)).join(" ");

const create = fc
  .record({ userData, onActive: fc.constantFrom("error", "return", "replace"), hasCallback: fc.boolean() })
  .map(({ userData, onActive, hasCallback }) =>
    told(`creates ${show(userData, onActive, hasCallback)}`, (stage) => {
      stage.create({ userData, onActive, callbackUrl: hasCallback ? "https://partner.example/link" : null });
    }),
  );

const answer = fc.tuple(userData, back).map(([data, steps]) =>
  told(`answers ${show(data, steps)}`, (stage) => {
    const request = fromEnd(stage.record().dataRequests, steps);
    stage.answer(data, request === undefined ? {} : { dataRequestId: request.dataRequestId });
  }),
);

const provide = fc.tuple(userData, back, fc.constantFrom(0, 0, 0, -1)).map(([data, steps, stale]) =>
  told(`types ${show(data, steps, stale)}`, (stage) => {
    const link = fromEnd(stage.record().links, steps);
    stage.provide(data, { linkId: linkOf(stage, steps), version: (link?.widgetVersion ?? 0) + stale });
  }),
);

const LATER_STEPS = ["regenerate", "force", "cancelOperation"] as const;

const linkStep = fc
  .tuple(
    fc.constantFrom(
      ...(["open", "open", "submitCip", "submitCip", "confirm", "revoke", "expire"] as const),
      ...LATER_STEPS,
    ),
    back,
  )
  .map(([act, steps]) =>
    told(`${act} ${steps}`, (stage) => {
      const linkId = linkOf(stage, steps);
      if (act === "expire" || act === "submitCip" || act === "cancelOperation") stage[act](linkId);
      else if (act === "force") stage.revoke({ linkId, force: true });
      else stage[act]({ linkId });
    }),
  );

const change = fc
  .tuple(fc.constantFrom("update", "correct"), userData)
  .map(([act, data]) => told(`${act} ${show(data)}`, (stage) => void stage[act](data)));

const removal = fc
  .tuple(fc.constantFrom(...PATHS), fc.constantFrom("partner_api", "partner_api", "operator"))
  .map(([path, source]) => told(`removes ${path} of ${source}`, (stage) => void stage.remove(path, source)));

const resolution = fc.tuple(fc.constantFrom("completed", "failed", "cancelled"), back).map(([status, steps]) =>
  told(`resolves ${status} ${steps}`, (stage) => {
    const known = fromEnd(stage.record().operations, steps);
    stage.resolve({ status, ...(known === undefined ? {} : { operationId: known.operationId }) });
  }),
);

const cipResult = fc
  .record({
    outcome: fc.constantFrom("verified", "verified", "failed", "needs_data", "abandoned"),
    revision: fc.constantFrom(null, null, 1, 2, 3),
    isFinal: fc.constantFrom(false, false, true),
    missingFields: fc.subarray(["dob", "name.firstName", "idType", "paymentMethod"] as const),
    eventId: fc.constantFrom(null, null, "same"),
    named: fc.constantFrom("newest", "newest", "older", "nobody", "unknown"),
    outputs: fc.constantFrom({}, {}, { dob: "1991-05-15", "name.firstName": "JUAN" }),
  })
  .map(({ eventId, named, outputs, ...result }) =>
    told(`cip ${show(result, named, eventId)}`, (stage) => {
      const { attempts } = stage.record();
      const known = named === "unknown" ? undefined : fromEnd(attempts, named === "older" ? 1 : 0);
      const attemptId = named === "nobody" ? null : (known?.attemptId ?? "cip_acme_none");
      stage.cipResult({ ...result, ...(eventId === null ? {} : { providerEventId: eventId }) }, { attemptId, outputs });
    }),
  );

const operationUpdate = fc
  .record({
    status: fc.constantFrom("processing", "completed", "failed", "cancelled"),
    eventId: fc.constantFrom(null, null, "same"),
    isUnknown: fc.constantFrom(false, false, false, true),
    steps: back,
  })
  .map(({ status, eventId, isUnknown, steps }) =>
    told(`payment ${show(status, eventId, isUnknown, steps)}`, (stage) => {
      const known = isUnknown ? undefined : fromEnd(stage.record().operations, steps);
      const operationId = known?.operationId ?? "op_acme_none";
      stage.updateOperation({ status, operationId, ...(eventId === null ? {} : { providerEventId: eventId }) });
    }),
  );

const park = back.map((steps) =>
  told(`parks ${steps}`, (stage) => {
    stage.park(fromEnd(stage.record().heldResults, steps)?.heldResultId ?? "held_acme_none");
  }),
);

const clock = fc
  .integer({ min: -180, max: 180 })
  .map((minutes) => told(`clock ${minutes} min`, (stage) => stage.clock.advanceMinutes(minutes)));

const changedSettings = settings.map((changed) =>
  told(`settings ${show(changed)}`, (stage) => {
    stage.partner = { ...stage.partner, settings: { ...stage.partner.settings, ...changed } };
  }),
);

const review = fc
  .record({
    decision: fc.constantFrom(...REVIEW_DECISIONS),
    reason: fc.constantFrom("looked at it", "looked at it", " "),
    acceptDifferences: fc.constantFrom<readonly Path[]>([], PATHS, ["dob"]),
  })
  .map(({ decision, ...more }) =>
    told(`reviews ${show(decision, more)}`, (stage) => void stage.review(decision, more)),
  );

const ticket = back.map((steps) =>
  told(`asks for a ticket ${steps}`, (stage) => void stage.issueTicket(linkOf(stage, steps))),
);

/** Days go by, and the timers or the partner look at the user. */
const laterOn = fc
  .tuple(fc.constantFrom(0, 1, 15, 40), fc.constantFrom("reverificationDue", "applyPolicy"))
  .map(([days, act]) =>
    told(`${act} after ${days} days`, (stage) => {
      stage.clock.advanceMinutes(days * 24 * 60);
      stage[act]();
    }),
  );

const suspension = fc.constantFrom(false, false, false, true).map((isSuspended) =>
  told(`suspended ${isSuspended}`, (stage) => {
    stage.partner = { ...stage.partner, isSuspended };
  }),
);

const WALK: readonly ((stage: Play) => unknown)[] = [
  (stage) => stage.create({ userData: { ...BASIC_DATA, paymentMethod: BANK_ACCOUNT }, onActive: "replace" }),
  (stage) => stage.open(),
  (stage) => stage.submitCip(),
  (stage) => stage.cipResult(),
  (stage) => stage.confirm(),
  (stage) => stage.updateOperation(),
];

/** A user who goes the way that was meant, or a part of it: by chance few histories get that far. */
const walk = fc.tuple(fc.nat(2), fc.integer({ min: 3, max: WALK.length })).map(([from, to]) =>
  told(`walks from ${from} to ${to}`, (stage) => {
    for (const next of WALK.slice(from, to)) next(stage);
  }),
);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: create },
  { weight: 2, arbitrary: answer },
  { weight: 2, arbitrary: provide },
  { weight: 5, arbitrary: linkStep },
  { weight: 2, arbitrary: change },
  { weight: 1, arbitrary: removal },
  { weight: 1, arbitrary: resolution },
  { weight: 3, arbitrary: cipResult },
  { weight: 2, arbitrary: operationUpdate },
  { weight: 1, arbitrary: park },
  { weight: 2, arbitrary: review },
  { weight: 1, arbitrary: ticket },
  { weight: 2, arbitrary: laterOn },
  { weight: 2, arbitrary: clock },
  { weight: 1, arbitrary: changedSettings },
  { weight: 1, arbitrary: suspension },
  { weight: 5, arbitrary: walk },
);
