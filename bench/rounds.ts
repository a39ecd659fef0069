/**
 * Measures several subjects in rounds: in each round every subject once, one after the other, and every round begins with
 * another one, so that what the machine does meanwhile does not always hit the same. Gives what was measured, per subject,
 * in the order of the rounds.
 */
export async function alternate<Name extends string, Sample>(
  rounds: number,
  subjects: Readonly<Record<Name, (round: number) => Promise<Sample>>>,
): Promise<Readonly<Record<Name, readonly Sample[]>>> {
  const names = Object.keys(subjects) as Name[];
  const samples = Object.fromEntries(names.map((name) => [name, [] as Sample[]])) as Record<Name, Sample[]>;
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < names.length; turn += 1) {
      const name = names[(round + turn) % names.length];
      if (name !== undefined) samples[name].push(await subjects[name](round));
    }
  }
  return samples;
}
