// Asking the server: with the token it printed, and in its own words when something is wrong.

const KEY = "standfast-token";

/** Take the token out of the address, where it must not stay, and remember it for this address. */
export function takeToken() {
  const match = location.hash.match(/token=([\w-]+)/);
  if (match) {
    localStorage.setItem(KEY, match[1]);
    history.replaceState(null, "", "#watch");
  }
  return localStorage.getItem(KEY);
}

export class Refused extends Error {
  constructor(status, says, problems) {
    super(says);
    this.status = status;
    this.problems = problems ?? [];
  }
}

/** The server was not reached. */
export class Lost extends Error {}

async function reach(path, rest) {
  try {
    return await fetch(path, { headers: headers(), ...rest });
  } catch {
    throw new Lost("The server does not answer.");
  }
}

function headers() {
  return { authorization: `Bearer ${localStorage.getItem(KEY) ?? ""}`, "content-type": "application/json" };
}

async function answerOf(response) {
  if (response.ok) return response;
  const text = await response.text();
  let told = { error: text };
  try {
    told = JSON.parse(text);
  } catch { /* a plain sentence */ }
  throw new Refused(response.status, told.error ?? text, told.problems);
}

export async function get(path) {
  return (await answerOf(await reach(path))).json();
}

export async function getText(path) {
  return (await answerOf(await reach(path))).text();
}

export async function post(path, body = {}) {
  return (await answerOf(await reach(path, { method: "POST", body: JSON.stringify(body) }))).json();
}

/** Listen to the server's events for ever; after an interruption, ask again. */
export async function follow(path, onEvent, onLost) {
  for (;;) {
    try {
      const response = await answerOf(await reach(path));
      onLost(null);
      await readEvents(response.body.pipeThrough(new TextDecoderStream()).getReader(), onEvent);
      onLost("The server ended the connection; trying again.");
    } catch (error) {
      if (error instanceof Refused) {
        onLost(error.message);
        if (error.status === 401) return;
      } else onLost("The server does not answer; trying again.");
    }
    await new Promise((resolve) => { setTimeout(resolve, 1500); });
  }
}

async function readEvents(reader, onEvent) {
  let waiting = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    waiting += value;
    const parts = waiting.split("\n\n");
    waiting = parts.pop();
    for (const part of parts) {
      const data = part.split("\n").filter((line) => line.startsWith("data: ")).map((line) => line.slice(6)).join("\n");
      if (data) onEvent(JSON.parse(data));
    }
  }
}

/** Hand a file to whoever looks at the page. */
export function save(content, name, type) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
