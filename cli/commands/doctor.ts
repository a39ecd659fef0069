import type { CommandGroup } from "../command.ts";

export const doctorGroup: CommandGroup = {
  word: "doctor",
  sentence: "Check everything the system needs; say what is wrong and what to do.",
  commands: [
    {
      path: ["doctor"],
      sentence:
        "Check gateway, Postgres and its migrations, Redis, Kafka and its topics, registry and schemas, clocks, keys " +
        "and secrets; say what is wrong and what to do. Exit code 3 when something is down, 1 when something is wrong.",
      arguments: [],
      flags: [
        { name: "consumers-url", placeholder: "URL", sentence: "Where consumers tell their health, to ask them too." },
      ],
      settings: [
        "url",
        "key",
        "adminKey",
        "databaseUrl",
        "redisUrl",
        "brokers",
        "registryUrl",
        "topicPrefix",
        "partitions",
      ],
      examples: ["m2m doctor", "m2m doctor --consumers-url http://127.0.0.1:58090 --json"],
      run: async (invocation) => {
        const { examine } = await import("../doctor/examine.ts");
        return examine(invocation);
      },
    },
  ],
};
