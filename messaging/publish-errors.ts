/** Kafka or the schema registry is known to be away: nothing was sent, nothing will be. Trying again later helps. */
export class BrokerAway extends Error {
  constructor(options?: ErrorOptions) {
    super("Kafka or the schema registry is away; nothing was sent", options);
    this.name = "BrokerAway";
  }
}

/** Sent and not acknowledged in time: it may be in Kafka or not. Publishing the same again is harmless. */
export class OutcomeUnknown extends Error {
  constructor(options?: ErrorOptions) {
    super("Kafka did not acknowledge the message in time", options);
    this.name = "OutcomeUnknown";
  }
}

/** Kafka will never take this message: too large, or writing the topic is not allowed. Trying again changes nothing. */
export class MessageRefused extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(`Kafka does not take the message: ${reason}`, options);
    this.name = "MessageRefused";
  }
}
