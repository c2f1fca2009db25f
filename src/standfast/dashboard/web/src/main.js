// The dashboard: four ways to work on the same worlds.

import { element } from "../../../report/web/src/element.js";
import { Lost, post, Refused, takeToken } from "./api.js";
import { desk, listen, onceAtATime, openDesk, over } from "./desk.js";
import { explore } from "./explore.js";
import { umpire } from "./umpire.js";
import { watch } from "./watch.js";
import { whatIf } from "./whatif.js";

const MODES = { watch, "what-if": whatIf, umpire, explore };
const TITLES = { watch: "Watch", "what-if": "What if", umpire: "Umpire", explore: "Explore" };
const main = document.getElementById("main");
let leave = null;

function go(hash) {
  if (location.hash === `#${hash}`) show();
  else location.hash = hash;
}

/** Show what the address asks for. One view is drawn at a time, so that a slow one never draws over a newer one. */
const show = onceAtATime(async () => {
  const hash = location.hash;
  const [mode, ...rest] = hash.slice(1).split("/");
  const name = mode in MODES ? mode : "watch";
  leave?.();
  leave = null;
  for (const link of document.querySelectorAll(".top nav a")) {
    if (link.hash === `#${name}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  document.title = `${TITLES[name]} · standfast`;
  try {
    const left = await MODES[name](main, rest, go);
    leave = typeof left === "function" ? left : null;
  } catch (error) {
    main.replaceChildren(element("h1", {}, "This cannot be shown"), element("p", { class: "lead" }, error.message));
    if (!(error instanceof Refused || error instanceof Lost)) reportError(error);
  }
  if (main.dataset.shown !== hash) scrollTo(0, 0);
  main.dataset.shown = hash;
});

function showWork() {
  const node = document.getElementById("work");
  const rows = desk.jobs.filter((job) => !over(job)).map((job) => {
    const bar = element("progress", { max: job.total || null, value: job.total ? job.done : null, "aria-label": job.title });
    const stop = element("button", { type: "button", class: "plain-button", "aria-label": `Cancel: ${job.title}` }, "Cancel");
    stop.addEventListener("click", () => post(`/api/jobs/${job.id}/cancel`));
    return element("div", { class: "job", title: job.says }, element("span", {}, job.title), bar, stop);
  });
  const failed = desk.jobs.filter((job) => job.state === "failed").slice(-1).map((job) => element("p", { class: "wrong" }, job.says));
  const lost = desk.lost ? [element("p", { class: "wrong" }, desk.lost)] : [];
  node.replaceChildren(...rows, ...failed, ...lost);
}

async function start() {
  if (!takeToken()) {
    main.replaceChildren(element("h1", {}, "Open the address that was printed"), element("p", { class: "lead" }, "standfast serve prints an address with a token behind its #. Without it this page is answered nothing."));
    return;
  }
  try {
    await openDesk();
  } catch (error) {
    main.replaceChildren(element("h1", {}, "Open the address that was printed"), element("p", { class: "lead" }, error.message));
    return;
  }
  listen(showWork);
  addEventListener("hashchange", show);
  await show();
}

start();
