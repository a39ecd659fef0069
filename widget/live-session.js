/* The session again whenever it changed, as the server sends it. Where that fails the page asks by itself. */

/**
 * `follows` says whether sessions come by themselves, and begins to listen if nobody does yet. `onEnd` is called when
 * they have come and come no more.
 */
// biome-ignore lint/correctness/noUnusedVariables: page.js, which stands behind this in the page, uses it
function createLiveSession({ url, token, onSession, onEnd }) {
  let isOpen = false;
  let hasSpoken = false;
  const hear = (session) => {
    hasSpoken = true;
    onSession(session);
  };
  const ended = () => {
    const mustAsk = hasSpoken;
    isOpen = false;
    hasSpoken = false;
    if (mustAsk) onEnd();
  };
  return {
    follows() {
      if (!isOpen) {
        isOpen = true;
        readSessions({ url, token, hear }).then(ended, ended);
      }
      return hasSpoken;
    },
  };
}

async function readSessions({ url, token, hear }) {
  const headers = { Authorization: `Bearer ${token}`, Accept: "text/event-stream" };
  const answer = await fetch(url, { method: "GET", headers, referrerPolicy: "no-referrer" });
  if (!answer.ok || !answer.body) return;
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    const events = (text + piece.value).split("\n\n");
    text = events.pop();
    for (const event of events) {
      const line = event.split("\n").find((one) => one.startsWith("data: "));
      if (line !== undefined) hear(JSON.parse(line.slice("data: ".length)));
    }
  }
}
