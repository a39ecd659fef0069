/**
 * Answers questions in groups: what is asked within one turn of the event loop is asked together, each question once. So
 * the busier a process is, the less each question costs, and a single one waits for nobody. Who asks for what is not there
 * gets undefined; an error goes to all who asked with it.
 */
export function createGathered<Question, Answer>(settings: {
  readonly keyOf: (question: Question) => string;
  /** The answers by key. */
  readonly askAll: (questions: readonly Question[]) => Promise<ReadonlyMap<string, Answer>>;
}): (question: Question) => Promise<Answer | undefined> {
  const { keyOf, askAll } = settings;
  let asking: { readonly questions: Map<string, Question>; readonly answers: Answers<Answer> } | undefined;

  const begin = () => {
    const questions = new Map<string, Question>();
    const { promise: answers, resolve, reject } = Promise.withResolvers<ReadonlyMap<string, Answer>>();
    setImmediate(() => {
      asking = undefined;
      askAll([...questions.values()]).then(resolve, reject);
    });
    return { questions, answers };
  };
  return async (question) => {
    asking ??= begin();
    asking.questions.set(keyOf(question), question);
    return (await asking.answers).get(keyOf(question));
  };
}

type Answers<Answer> = Promise<ReadonlyMap<string, Answer>>;
