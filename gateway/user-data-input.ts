import type { Problem } from "../domain/refusals.ts";
import type { ImageReference, UserDataInput, Values } from "../domain/user/fields.ts";
import { readUserData } from "../domain/user/user-data.ts";
import type { Scope } from "../storage/scope.ts";
import { unknownFieldWarnings, type Warning } from "./check-input.ts";
import { type IdImage, readIdImage } from "./id-image.ts";

/** What a body's userData means for its command. */
export interface GivenUserData {
  readonly input: UserDataInput;
  readonly warnings: readonly Warning[];
  /** The values as a command carries them; stores the image first, so that the command only names it. */
  readonly values: (scope: Scope) => Promise<Values>;
}

export interface ImageStore {
  readonly storeImage: (scope: Scope, image: IdImage) => Promise<ImageReference>;
}

/** What is wrong with userData beyond its schema: dates, contradictions, an image that is none (A9). */
export function userDataProblems(userData: unknown, today: string): readonly Problem[] {
  const { problems, values } = readUserData(userData, today);
  const image = typeof values.idImage === "string" ? readIdImage(values.idImage) : null;
  return image !== null && "code" in image ? [...problems, image] : problems;
}

/** Reads userData that was found without problems; absent userData says nothing. */
export function givenUserData(userData: unknown, { storeImage }: ImageStore): GivenUserData {
  const { input, values, unknownPaths } = readUserData(userData, NO_DATE_IS_LATER);
  return {
    input,
    warnings: unknownFieldWarnings(unknownPaths.map((path) => `userData.${path}`)),
    values: async (scope) => {
      if (typeof values.idImage !== "string") return values;
      const image = readIdImage(values.idImage);
      if ("code" in image) throw new Error("userData was not checked");
      return { ...values, idImage: await storeImage(scope, image) };
    },
  };
}

/** Dates were judged by `userDataProblems`. */
const NO_DATE_IS_LATER = "9999-12-31";
