import type { CommandGroup } from "../command.ts";

export const listenGroup: CommandGroup = {
  word: "listen",
  sentence: "Receive a partner's webhooks on this machine and forward them to what you develop.",
  commands: [
    {
      path: ["listen"],
      sentence:
        "Receive a partner's webhooks on this machine, verify both signatures, print one line each, and forward them " +
        "as they came, with what is answered going back. The gateway must be able to reach this machine.",
      arguments: [],
      flags: [
        {
          name: "forward-to",
          placeholder: "URL",
          isRequired: true,
          sentence: "Where what you develop takes webhooks.",
        },
        { name: "event", placeholder: "NAME", isRepeatable: true, sentence: "Only these; every event when left out." },
        { name: "port", placeholder: "NUMBER", sentence: "To listen on; that of the run before, or any free one." },
        {
          ...{ name: "public-url", placeholder: "URL" },
          sentence: "How the gateway reaches this machine, when that is not loopback: a tunnel's address.",
        },
      ],
      settings: ["url", "key"],
      examples: ["m2m listen --forward-to http://127.0.0.1:3000/webhooks --event user.data_request"],
      run: async (invocation) => {
        const { listen } = await import("../listen/listen.ts");
        return listen(invocation);
      },
    },
  ],
};
