import { createWidgetPage } from "../../gateway/widget-page.ts";

type Listener = (event: { readonly target: FakeElement; readonly preventDefault: () => void }) => unknown;

/** As much of an element of a page as the widget's page uses. */
export interface FakeElement {
  readonly tag: string;
  readonly children: FakeElement[];
  readonly attributes: Map<string, string>;
  readonly listeners: Map<string, Listener[]>;
  // biome-ignore lint/suspicious/noExplicitAny: an element takes any property
  [property: string]: any;
}

/** What the page asked the gateway, in order. */
export interface PageCall {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

export interface PageAnswer {
  readonly status: number;
  readonly json: unknown;
}

/** The widget's page in a browser that is just enough to run its script. */
export interface FakePage {
  readonly calls: readonly PageCall[];
  readonly title: () => string;
  /** How often the title was made the place of attention: what a screen reader reads aloud. */
  readonly titleReadings: () => number;
  readonly problem: () => string;
  /** The text of the current step. */
  readonly text: () => string;
  readonly field: (name: string) => FakeElement;
  readonly type: (name: string, value: string) => void;
  readonly check: (name: string) => void;
  /** Submits the form and waits for the answer. */
  readonly press: () => Promise<void>;
  /** Lets the time of the next look at the session come. */
  readonly wait: () => Promise<void>;
}

/** A gateway that sends no events: the page has to ask. */
const NOTHING_TO_HEAR = () => ({ ok: false, status: 404 });

/** Opens the page of a link; `answer` is what the gateway says to each call, `listen` to the one that listens. */
export async function openPage(
  url: string,
  answer: (call: PageCall) => PageAnswer | Error,
  listen: () => object = NOTHING_TO_HEAR,
): Promise<FakePage> {
  const calls: PageCall[] = [];
  const timers = new Set<() => unknown>();
  const { html } = createWidgetPage([]);
  const document = fakeDocument(/id="words">(.*?)<\/script>/s.exec(html)?.[1] ?? "");
  const fetchFake = async (path: string, init: { method: string; headers: Record<string, string>; body?: string }) => {
    if (path.endsWith("/events")) return listen();
    const call = { method: init.method, path, headers: init.headers, body: init.body && JSON.parse(init.body) };
    calls.push(call);
    const answered = answer(call);
    if (answered instanceof Error) throw answered;
    const { status, json } = answered;
    return { ok: status < 300, status, json: async () => json };
  };
  const surroundings = {
    document,
    location: new URL(url),
    navigator: { language: "en-US", userAgent: "test" },
    fetch: fetchFake,
    TextDecoderStream,
    setTimeout: (run: () => unknown) => timers.add(run) && run,
    clearTimeout: (run: () => unknown) => timers.delete(run),
  };
  const script = /<script type="module">([\s\S]*)<\/script>/.exec(html)?.[1] ?? "";
  const AsyncFunction = (async () => undefined).constructor as new (
    ...text: string[]
  ) => (...given: unknown[]) => Promise<void>;
  await new AsyncFunction(...Object.keys(surroundings), script)(...Object.values(surroundings));

  const step = document.getElementById("step");
  const field = (name: string) => {
    const found = all(step).find((one) => one["name"] === name);
    if (!found) throw new Error(`no field ${name}`);
    return found;
  };
  return {
    calls,
    title: () => document.getElementById("title")["textContent"],
    titleReadings: () => document.getElementById("title")["focusCount"],
    problem: () => document.getElementById("problem")["textContent"],
    text: () =>
      all(step)
        .map((one) => one["textContent"])
        .filter(Boolean)
        .join("\n"),
    field,
    type: (name, value) => {
      field(name)["value"] = value;
      fire(field(name), "input");
    },
    check: (name) => {
      field(name)["checked"] = true;
      fire(field(name), "change");
    },
    press: async () => {
      const form = all(step).find(({ tag }) => tag === "form");
      if (!form) throw new Error("there is nothing to press");
      await Promise.all(fire(form, "submit"));
    },
    wait: async () => {
      const due = [...timers];
      timers.clear();
      for (const run of due) await run();
    },
  };
}

function fakeDocument(words: string) {
  const named = new Map(["title", "status", "problem", "step", "words"].map((id) => [id, fakeElement("div")]));
  const fixed = (id: string) => named.get(id) ?? fakeElement("div");
  fixed("words")["textContent"] = words;
  return {
    title: "",
    documentElement: fakeElement("html"),
    createElement: fakeElement,
    getElementById: (id: string): FakeElement =>
      named.get(id) ?? all(fixed("step")).find((one) => one["id"] === id) ?? (null as never),
  };
}

function fakeElement(tag: string): FakeElement {
  const element: FakeElement = {
    ...{ tag, children: [], attributes: new Map(), listeners: new Map() },
    ...{
      textContent: "",
      name: "",
      value: "",
      checked: false,
      disabled: false,
      type: tag === "button" ? "submit" : "",
    },
    append: (...added: FakeElement[]) => {
      element.children.push(...added);
      if (tag === "select" && element["value"] === "") element["value"] = element.children[0]?.["value"];
    },
    replaceChildren: (...added: FakeElement[]) => element.children.splice(0, element.children.length, ...added),
    setAttribute: (name: string, value: string) => element.attributes.set(name, value),
    removeAttribute: (name: string) => element.attributes.delete(name),
    addEventListener: (type: string, listener: Listener) =>
      element.listeners.set(type, [...(element.listeners.get(type) ?? []), listener]),
    querySelector: (what: string) =>
      all(element).find((one) =>
        what.startsWith("[") ? one.attributes.get("aria-invalid") === "true" : one.tag === what,
      ) ?? null,
    focusCount: 0,
    focus: () => {
      element["focusCount"] += 1;
    },
  };
  Object.defineProperty(element, "elements", {
    get: () => {
      const fields = all(element).filter((one) => ["input", "select", "button"].includes(one.tag));
      return Object.assign(fields, Object.fromEntries(fields.map((one) => [one["name"], one])));
    },
  });
  return element;
}

/** An element's descendants, in the order of the page. */
function all(element: FakeElement): FakeElement[] {
  return element.children.flatMap((child) => [child, ...all(child)]);
}

function fire(target: FakeElement, type: string): unknown[] {
  const event = { target, preventDefault: () => undefined };
  return (target.listeners.get(type) ?? []).map((listener) => listener(event));
}
