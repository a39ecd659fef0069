/* The page behind a link. It opens the link only when a person presses the button (C6), asks for what is missing, and
   shows what the session says. The link's secret is in the fragment, which no server ever sees (C10). */

const linkId = location.pathname.split("/").find((part) => part.startsWith("link_"));
const token = location.hash.slice(1);
const words = JSON.parse(document.getElementById("words").textContent);
const calls = `../widget/links/${encodeURIComponent(linkId)}`;
const live = createLiveSession({ url: `${calls}/events`, token, onSession: settle, onEnd: refresh });
const POLL_MS = 1500;
const NONE = "none:";
let language = navigator.language.startsWith("es") ? "es" : "en";
let shown = "";
let pollTimer;
/** What was typed, by field: a form that is drawn again shows it again. */
const typed = new Map();

await refresh();

async function refresh() {
  clearTimeout(pollTimer);
  if (token === "") return showMessage("locked.title", "locked.text");
  const answer = await call({ method: "GET", path: "" });
  if (answer.ok) return show(answer.data);
  if (answer.status === 0 || answer.status >= 500 || answer.status === 429) {
    pollTimer = setTimeout(refresh, POLL_MS * 2);
    return showProblem(answer);
  }
  showMessage("locked.title", "locked.text");
}

/** Draws the session's first step; the same step is drawn once, so that nothing typed is lost. */
function show(session) {
  language = session.language ?? language;
  document.documentElement.lang = language;
  const step = session.steps[0] ?? (["expired", "revoked"].includes(session.status) ? session.status : "stopped");
  const waits = (step === "cip" && session.userState === "cip_pending") || isOperationOpen(session);
  if (waits && !live.follows()) pollTimer = setTimeout(refresh, POLL_MS);
  const drawing = JSON.stringify([step, session.version, session.userState, session.operation]);
  if (drawing === shown) return;
  shown = drawing;
  hideProblem();
  setTitle(`${step}.title`);
  const draw = { open, data, cip, payment_method: paymentMethod, confirm, done }[step] ?? ended;
  document.getElementById("step").replaceChildren(...draw(session).filter(Boolean));
}

function isOperationOpen(session) {
  return session.steps[0] === "done" && ["created", "processing"].includes(session.operation?.status);
}

function open(session) {
  const expiresAt = new Date(session.expiresAt).toLocaleString(language);
  const deviceInfo = { userAgent: navigator.userAgent.slice(0, 500), language: navigator.language.slice(0, 100) };
  const form = formOf([], "open.action", () => ({ method: "POST", path: "/open", body: { deviceInfo } }));
  return [paragraph(say("open.text", { expiresAt })), form];
}

function data(session) {
  const fields = session.missingFields.map((path) => {
    const field = inputOf({ name: path, label: say(path), type: path === "dob" ? "date" : "text" });
    if (path.startsWith("name.second")) field.append(noneCheckOf(path, field));
    return field;
  });
  const read = (form) => dataCall(userDataOf(form), session);
  return [formOf(fields, "data.action", read)];
}

function cip(session) {
  if (session.userState === "cip_pending") return [paragraph(say("cip.running"))];
  const text = session.userState === "cip_failed" ? "cip.again" : "cip.text";
  const consent = checkOf("consent", say("cip.consent"));
  consent.querySelector("input").required = true;
  return [
    paragraph(say(text)),
    formOf([consent], "cip.action", () => ({ method: "POST", path: "/cip", body: { consent: true } })),
  ];
}

function paymentMethod(session) {
  const kinds = { bank_account: ["country", "accountNumber"], cash: ["provider"], card: ["token"] };
  const parts = { bank_account: "bankAccount", cash: "cash", card: "card" };
  const choice = selectOf("method", Object.keys(kinds));
  const details = element("div");
  const select = choice.querySelector("select");
  const draw = () => details.replaceChildren(...kinds[select.value].map((name) => inputOf({ name, label: say(name) })));
  select.addEventListener("change", draw);
  draw();
  const read = (form) => {
    const type = select.value;
    const given = Object.fromEntries(kinds[type].map((name) => [name, form.elements[name].value.trim()]));
    if (given.country) given.country = given.country.toUpperCase();
    return dataCall({ paymentMethod: { type, [parts[type]]: given } }, session);
  };
  return [formOf([choice, details], "payment_method.action", read)];
}

function confirm(session) {
  const method = session.prefilled.paymentMethod;
  const details = Object.values(method?.bankAccount ?? method?.cash ?? method?.card ?? {}).join(" ");
  const fields = [
    inputOf({ name: "send", label: say("send"), type: "text", inputMode: "decimal", pattern: "\\d+([.]\\d{1,2})?" }),
    inputOf({ name: "source", label: say("source"), value: "USD" }),
    inputOf({ name: "destination", label: say("destination"), value: "MXN" }),
  ];
  const read = ({ elements: { send, source, destination } }) => {
    const currency = { source: source.value.trim().toUpperCase(), destination: destination.value.trim().toUpperCase() };
    return { method: "POST", path: "/operation", body: { amount: { send: Number(send.value), currency } } };
  };
  const to = say("confirm.to", { method: `${say(method?.type ?? "method")} ${details}` });
  const last = session.operation ? paragraph(say(`done.${session.operation.status}`)) : null;
  return [last, paragraph(to), formOf(fields, "confirm.action", read)];
}

function done({ operation: { status, cancelRequested } = { status: "completed" }, redirectUrl }) {
  const read = () => ({ method: "POST", path: "/operation/cancel", body: {} });
  const cancel = status === "created" && !cancelRequested ? formOf([], "done.cancel", read) : null;
  const text = status === "created" && cancelRequested ? "done.cancelling" : `done.${status}`;
  return [paragraph(say(text)), cancel, backLinkOf(redirectUrl)];
}

function ended(session) {
  const isClosed = ["expired", "revoked"].includes(session.status);
  return [paragraph(say(isClosed ? "closed.text" : "stopped.text")), backLinkOf(session.expiredRedirectUrl)];
}

/** A form whose `read` says which call it makes. One key per attempt to send, so that a repeat cannot act twice. */
function formOf(fields, action, read) {
  const form = element("form");
  const button = element("button", { type: "submit", textContent: say(action) });
  let key = newKey();
  form.append(...fields, button);
  form.addEventListener("input", () => {
    key = newKey();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    setStatus(say("busy"));
    const answer = await call({ ...read(form), key });
    button.disabled = false;
    setStatus("");
    if (answer.status !== 0 && answer.status !== 503) key = newKey();
    if (answer.ok) return answer.status === 202 || answer.data.steps === undefined ? refresh() : settle(answer.data);
    showProblem(answer, form);
    if ([409, 410].includes(answer.status)) await refreshKeepingProblem();
  });
  return form;
}

function settle(session) {
  clearTimeout(pollTimer);
  show(session);
}

async function refreshKeepingProblem() {
  const problem = document.getElementById("problem").textContent;
  await refresh();
  setProblem(problem);
}

function dataCall(userData, { version }) {
  return { method: "PUT", path: "/data", body: { userData, version } };
}

function userDataOf(form) {
  const userData = {};
  for (const { name, value, type, checked } of form.elements) {
    if (type === "checkbox" && checked)
      userData.notApplicable = [...(userData.notApplicable ?? []), name.slice(NONE.length)];
    if (name === "" || type === "checkbox" || value.trim() === "") continue;
    if (name.startsWith("name.")) userData.name = { ...userData.name, [name.slice(5)]: value.trim() };
    else userData[name] = value.trim();
  }
  return userData;
}

/** One call; `ok` false with status 0 when the network failed. */
async function call({ method, path, body, key }) {
  const headers = { Authorization: `Bearer ${token}` };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (key !== undefined) headers["Idempotency-Key"] = key;
  try {
    const call = { method, headers, body: JSON.stringify(body), referrerPolicy: "no-referrer" };
    const answer = await fetch(`${calls}${path}`, call);
    const { data, error } = await answer.json();
    return { ok: answer.ok, status: answer.status, data, error };
  } catch {
    return { ok: false, status: 0, error: { message: say("offline") } };
  }
}

function showProblem({ error }, form) {
  setProblem(error.message);
  for (const { path, message } of error.details ?? []) {
    const name = path.replace(/^userData\./, "").replace(/^(paymentMethod|amount)\.(.*\.)?/, "");
    const input = document.getElementById(`field-${name}`);
    const problem = document.getElementById(`field-${name}-problem`);
    if (input === null || problem === null) continue;
    input.setAttribute("aria-invalid", "true");
    problem.textContent = message;
  }
  form?.querySelector("[aria-invalid=true]")?.focus();
}

function setProblem(text) {
  const problem = document.getElementById("problem");
  problem.textContent = text;
  problem.hidden = text === "";
}

function hideProblem() {
  setProblem("");
}

function showMessage(title, text) {
  shown = "";
  setTitle(title);
  document.getElementById("step").replaceChildren(paragraph(say(text)));
}

function setTitle(key) {
  const title = document.getElementById("title");
  title.textContent = say(key);
  document.title = title.textContent;
  title.focus();
}

function setStatus(text) {
  document.getElementById("status").textContent = text;
}

function inputOf({ name, label, type = "text", value = "", inputMode = "", pattern = "" }) {
  const id = `field-${name}`;
  const input = element("input", {
    id,
    name,
    type,
    value: typed.get(name) ?? value,
    required: true,
    autocomplete: "off",
  });
  if (inputMode !== "") input.inputMode = inputMode;
  if (pattern !== "") input.pattern = pattern;
  const problem = element("span", { id: `${id}-problem`, className: "field-problem" });
  input.setAttribute("aria-describedby", problem.id);
  input.addEventListener("input", () => {
    typed.set(name, input.value);
    input.removeAttribute("aria-invalid");
    problem.textContent = "";
  });
  const field = element("div");
  field.append(element("label", { htmlFor: id, textContent: label }), input, problem);
  return field;
}

/** "I have none": takes the place of a value for the same path. */
function noneCheckOf(path, field) {
  const check = checkOf(`${NONE}${path}`, say("none"));
  const input = field.querySelector("input");
  check.querySelector("input").addEventListener("change", ({ target }) => {
    input.disabled = target.checked;
    if (target.checked) input.value = "";
  });
  return check;
}

function checkOf(name, text) {
  const label = element("label", { className: "check" });
  label.append(element("input", { type: "checkbox", name }), element("span", { textContent: text }));
  return label;
}

function selectOf(name, choices) {
  const field = element("div");
  const select = element("select", { id: `field-${name}`, name });
  select.append(...choices.map((value) => element("option", { value, textContent: say(value) })));
  field.append(element("label", { htmlFor: select.id, textContent: say(name) }), select);
  return field;
}

function backLinkOf(url) {
  return url ? element("a", { className: "button", href: url, textContent: say("back"), rel: "noreferrer" }) : null;
}

function paragraph(text) {
  return element("p", { textContent: text });
}

function element(name, properties = {}) {
  return Object.assign(document.createElement(name), properties);
}

function say(key, facts = {}) {
  const sentence = words[language][key] ?? key;
  return sentence.replace(/\{(\w+)\}/g, (_, name) => facts[name] ?? "");
}

function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
