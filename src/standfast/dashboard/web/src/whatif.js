// What if: measures as cards; the paired world beside the first; who stayed because of it.

import { element } from "../../../report/web/src/element.js";
import { percent } from "../../../report/web/src/words.js";
import { post } from "./api.js";
import { beside } from "./beside.js";
import { desk, ended, findWorld, keepDrawn, listen, worldOf, worldOfJob } from "./desk.js";
import { loadWorld } from "./model.js";
import { opening, worldPicker } from "./opening.js";
import { attempt, tell } from "./told.js";
import { link } from "./watch.js";
import { TONES } from "./words.js";

const PAIRS = 8;

export async function whatIf(main, [first, second], go) {
  const id = Number(first) || desk.worlds.findLast((world) => world.parent === null)?.id;
  if (!await findWorld(id)) {
    main.replaceChildren(element("h1", {}, "What would have kept it standing?"), element("p", { class: "lead" }, "First the world as it is: choose a case. Then choose measures, and the same people live through both worlds."), opening((opened) => go(`what-if/${opened}`)));
    return undefined;
  }
  return second && await findWorld(Number(second)) ? compare(main, id, Number(second), go) : choose(main, id, go);
}

async function choose(main, id, go) {
  const world = await loadWorld(id);
  const about = worldOf(id);
  const cards = desk.hello.cards.map((kind) => card(kind, world, () => total()));
  const sum = element("p", { class: "total" });
  const wrong = element("p", { class: "wrong", role: "alert" });
  const run = element("button", { type: "button", class: "play" }, "Run the paired world");
  const chosen = () => cards.filter((each) => each.on());
  const total = () => {
    const items = chosen().map((each) => each.item());
    const cost = items.reduce((all, item) => all + item.cost, 0);
    sum.textContent = items.length ? `${items.length} ${items.length === 1 ? "measure" : "measures"}, cost ${cost.toLocaleString("en")}` : "No measure chosen yet.";
    run.disabled = items.length === 0;
  };
  run.addEventListener("click", async () => {
    const items = chosen().map((each) => each.item());
    const at = Math.min(about.hour, ...items.map((item) => parseFloat(item.start)));
    const title = chosen().map((each) => each.title).join(" + ").slice(0, 78);
    run.disabled = true;
    const other = await attempt(async () => {
      if (!worldOf(id).finished) await post(`/api/worlds/${id}/advance`, { to: about.horizon });
      const { job } = await post(`/api/worlds/${id}/branch`, { at, to: about.horizon, items, title });
      return worldOfJob(job);
    }, wrong);
    run.disabled = false;
    if (other && run.isConnected) go(`what-if/${id}/${other}`);
  });
  const picker = worldPicker(id, (other) => go(`what-if/${other}`));
  total();
  const earlier = desk.worlds.filter((each) => each.parent === id);
  main.replaceChildren(
    element("div", { class: "head" }, element("h1", {}, "What would have kept it standing?"), element("div", { class: "controls" }, picker.node)),
    element("p", { class: "lead" }, `${about.title}: ${percent(about.serving / about.people)} of ${about.people.toLocaleString("en")} serve at hour ${about.hour}. Choose what the defender does; the same people then live through both worlds.`),
    element("div", { class: "bar" }, sum, run),
    wrong,
    ...(earlier.length ? [element("p", {}, "Already run: ", ...earlier.flatMap((each) => [link(each.title, () => go(`what-if/${id}/${each.id}`)), " "]))] : []),
    element("div", { class: "cards" }, ...cards.map((each) => each.node)));
  return listen(() => picker.fill());
}

function card(kind, world, changed) {
  const on = element("input", { type: "checkbox", id: `on-${kind.kind}` });
  const size = element("input", { type: "range", min: 0, max: 1, step: 0.05, value: 1, "aria-label": `${kind.title}: ${kind.size}` });
  const shown = element("output", {}, "100 %");
  const start = element("input", { type: "number", min: 0, max: world.ground.horizon, step: world.ground.step, value: 0, class: "short", "aria-label": `${kind.title}: from hour` });
  const cost = element("input", { type: "number", min: 0, step: 1, value: 1, class: "short", "aria-label": `${kind.title}: cost` });
  const places = element("select", { multiple: true, size: Math.min(5, world.ground.all_places.length), "aria-label": `${kind.title}: places` }, ...world.ground.all_places.map((each) => element("option", { value: each.id }, each.title)));
  const delay = element("input", { type: "number", min: 0, value: 6, class: "short", "aria-label": `${kind.title}: delay in hours` });
  const battalions = element("input", { type: "number", min: 0, value: 2, class: "short", "aria-label": `${kind.title}: battalions` });
  const to = element("select", { "aria-label": `${kind.title}: where to` }, ...world.places.map((each) => element("option", { value: each.id }, each.title)));
  size.addEventListener("input", () => { shown.textContent = `${Math.round(100 * size.value)} %`; });
  for (const input of [size, start, cost, places, delay, battalions, to]) {
    input.addEventListener("input", () => {
      on.checked = true;
      changed();
    });
  }
  on.addEventListener("change", changed);
  const extra = { delay: ["Delay [h]", delay], battalions: ["Battalions", battalions], to: ["Where to", to] };
  const node = element("article", { class: "card", "data-kind": kind.kind },
    element("h3", {}, element("label", { for: on.id }, on, " ", kind.title)),
    element("p", { class: "note" }, sentence(kind.size)),
    element("label", { class: "line" }, "Size ", size, shown),
    element("div", { class: "line" }, element("label", {}, "From hour ", start), element("label", {}, "Cost ", cost)),
    ...kind.extra.map((name) => element("label", { class: "line" }, `${extra[name][0]} `, extra[name][1])),
    element("details", {}, element("summary", {}, "Where: everywhere, unless chosen"), places));
  return {
    node,
    title: kind.title,
    on: () => on.checked,
    item() {
      const item = { kind: kind.kind, size: Number(size.value), start: `${Number(start.value)} h`, cost: Number(cost.value) };
      const chosen = [...places.selectedOptions].map((option) => option.value);
      if (chosen.length) item.places = chosen;
      if (kind.extra.includes("delay")) item.delay = `${Number(delay.value)} h`;
      if (kind.extra.includes("battalions")) item.battalions = Number(battalions.value);
      if (kind.extra.includes("to")) item.to = to.value;
      return item;
    },
  };
}

const sentence = (text) => `${text[0].toUpperCase()}${text.slice(1)}.`;

async function compare(main, a, b, go) {
  const [first, second] = await Promise.all([loadWorld(a), loadWorld(b)]);
  const titles = [worldOf(a).title, worldOf(b).title];
  const both = beside(first, second, [`Without: ${titles[0]}`, `With: ${titles[1]}`], ["Without", "With"]);
  const dots = element("div", { class: "pairs" });
  const more = element("button", { type: "button", class: "play" }, `Run ${PAIRS} pairs`);
  more.addEventListener("click", async () => {
    more.disabled = true;
    const found = await attempt(async () => {
      const { job } = await post(`/api/worlds/${a}/pairs`, { with: b, pairs: PAIRS });
      return ended(job);
    });
    more.disabled = false;
    if (found) dots.replaceChildren(...pairRows(found.pairs, titles));
    else tell("Cancelled.");
  });
  main.replaceChildren(
    element("div", { class: "head" }, element("h1", {}, titles[1]), element("div", { class: "controls" }, link("Choose other measures", () => go(`what-if/${a}`)), link("Watch this world", () => go(`watch/${b}`)), link("Take it over", () => go(`umpire/${b}`)))),
    both.node,
    element("section", { "aria-label": "Other luck" }, element("h2", {}, "Was it luck?"), element("p", { class: "text" }, "One pair of runs is one draw of luck. More pairs, each with the same people and the same luck in both worlds, say how often it helps."), more, dots));
  return follow([[first, a], [second, b]], both);
}

/** Keep worlds that still run up to date. */
export function follow(worlds, view) {
  const open = () => worlds.filter(([, id]) => worldOf(id));
  const stop = keepDrawn(() => open().length ? open().map(([, id]) => worldOf(id).hour).join() : null, async () => {
    for (const [world] of open()) await world.refresh();
    view.grown();
  });
  return () => {
    view.stop();
    stop();
  };
}

function pairRows(pairs, titles) {
  const mean = (side) => pairs.reduce((sum, pair) => sum + pair[side].gone, 0) / pairs.length;
  const better = pairs.filter((pair) => pair.with.gone < pair.without.gone).length;
  const row = (side, title) => element("div", { class: "verdict" }, element("h3", {}, title, element("small", {}, `${percent(mean(side))} gone on average`)),
    element("div", { class: "dots" }, ...pairs.map((pair) => element("span", { class: `dot ${TONES[pair[side].verdict] ?? ""}`, role: "img", "aria-label": `Run ${pair.replicate}: ${pair[side].verdict}, ${percent(pair[side].gone)} gone`, title: `Run ${pair.replicate}: ${pair[side].verdict}, ${percent(pair[side].gone)} gone` }))));
  return [
    element("p", { class: "text" }, `In ${better} of ${pairs.length} pairs fewer left with the measures.`),
    element("div", { class: "verdicts" }, row("without", titles[0]), row("with", titles[1])),
    element("p", { class: "legend" }, ...Object.entries(TONES).map(([text, tone]) => element("span", { class: tone }, element("i", { class: `dot ${tone}`, "aria-hidden": "true" }), text))),
  ];
}
