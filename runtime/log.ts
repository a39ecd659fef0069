import { pino } from "pino";

type Fields = Readonly<Record<string, unknown>>;
interface WriteLine {
  (sentence: string): void;
  (fields: Fields, sentence: string): void;
}

/** One JSON object per line. An error travels as `{ error }`; nobody hands a bare error to a log. */
export interface Log {
  readonly debug: WriteLine;
  readonly info: WriteLine;
  readonly warn: WriteLine;
  readonly error: WriteLine;
  /** A log whose lines also carry these fields. */
  readonly child: (fields: Fields) => Log;
}

export interface LogSettings {
  readonly level: string;
  readonly component: string;
  /** Where lines go; standard output when left out. */
  readonly destination?: { readonly write: (line: string) => void };
}

/** Under these keys no value is ever written, at any depth: personal values, and what opens a door. */
export const REDACTED_KEYS: readonly string[] = [
  "userData",
  "values",
  "value",
  "body",
  "payload",
  "name",
  "firstName",
  "secondName",
  "lastName",
  "secondLastName",
  "idNumber",
  "idImage",
  "dob",
  "paymentMethod",
  "bankAccount",
  "accountNumber",
  "card",
  "cash",
  "deviceInfo",
  "metadata",
  "referenceId",
  "key",
  "token",
  "secret",
  "serverSecret",
  "apiKey",
  "adminKey",
  "authorization",
  "cookie",
  "password",
  "x-api-key",
  "x-admin-key",
  "databaseUrl",
  "redisUrl",
];

const REDACTED = "[redacted]";
const DEEPEST = 6;
const redactedKeys = new Set(REDACTED_KEYS.map((key) => key.toLowerCase()));

/** A log of one component. Fields are copied and cleaned before they are written; errors keep name, code and stack. */
export function createLog({ level, component, destination }: LogSettings): Log {
  const options = {
    level,
    base: { component },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return cleanedLog(pino(options, destination ?? pino.destination(STANDARD_OUTPUT)));
}

/** Lines gather, for 100 ms at most, so that none costs a system call of its own; an exit writes what is left. */
const STANDARD_OUTPUT = { sync: false, minLength: 4_096, periodicFlush: 100 } as const;

/**
 * What may be written of something thrown: name, code, first line of the message without quoted values, stack frames.
 * Databases and parsers put the offending value into later lines and into quotes; it must not reach a log.
 */
export function describeError(error: unknown, depth = 0): Fields {
  if (!(error instanceof Error)) return { type: typeof error };
  const { code } = error as { code?: unknown };
  const frames = (error.stack ?? "").split("\n").filter((line) => line.startsWith("    at "));
  return {
    type: error.name,
    message: safeMessage(error),
    ...(typeof code === "string" || typeof code === "number" ? { code } : {}),
    stack: frames.join("\n"),
    ...(error.cause !== undefined && depth < DEEPEST ? { cause: describeError(error.cause, depth + 1) } : {}),
    ...(error instanceof AggregateError ? { errors: error.errors.map((one) => describeError(one, DEEPEST)) } : {}),
  };
}

/** The first line of an error's message without the values that parsers and databases quote in it. */
export function safeMessage(error: Error): string {
  const line = error.message.split("\n", 1)[0] ?? "";
  return error instanceof SyntaxError ? line.replace(/[,:].*$/, "") : line.replace(/: ".*"/, ': "…"');
}

function cleanedLog(logger: pino.Logger): Log {
  const line =
    (level: "debug" | "info" | "warn" | "error"): WriteLine =>
    (first: Fields | string, sentence?: string) => {
      if (!logger.isLevelEnabled(level)) return;
      if (typeof first === "string") logger[level](first);
      else logger[level](cleaned(first, 0) as Fields, sentence);
    };
  return {
    debug: line("debug"),
    info: line("info"),
    warn: line("warn"),
    error: line("error"),
    child: (fields) => cleanedLog(logger.child(cleaned(fields, 0) as Record<string, unknown>)),
  };
}

function cleaned(value: unknown, depth: number): unknown {
  if (value instanceof Error) return describeError(value);
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  if (depth >= DEEPEST || ArrayBuffer.isView(value)) return REDACTED;
  if (Array.isArray(value)) return value.map((item) => cleaned(item, depth + 1));
  const entries = Object.entries(value).map(([key, inner]) => [
    key,
    redactedKeys.has(key.toLowerCase()) ? REDACTED : cleaned(inner, depth + 1),
  ]);
  return Object.fromEntries(entries);
}
