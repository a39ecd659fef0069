import { explain } from "../../../domain/explain/explain.ts";
import type { Explanation } from "../../../domain/explain/explanation.ts";
import { type Play, play } from "../../support/domain.ts";
import { BANK_ACCOUNT, BASIC_DATA } from "../../support/domain-commands.ts";

/** The explanation of the stage as it is now, or right after an event. */
export function explained(
  stage: Play,
  more: { readonly sequence?: number; readonly isRevealed?: boolean; readonly isDuplicateSuspected?: boolean } = {},
): Explanation {
  const explanation = explain({ history: stage.history(), partner: stage.partner, now: stage.clock.now(), ...more });
  if (explanation === null) throw new Error("nothing was explained");
  return explanation;
}

/** A user who was verified on an open link. */
export function verified(): Play {
  const stage = play();
  stage.create({ userData: { ...BASIC_DATA, paymentMethod: BANK_ACCOUNT } });
  stage.open();
  stage.submitCip();
  stage.cipResult();
  return stage;
}
