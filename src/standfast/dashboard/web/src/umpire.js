// Umpire: run to an hour, inject, go on; branch from any hour; compare where the branches end.

import { element } from "../../../report/web/src/element.js";
import { moment, percent } from "../../../report/web/src/words.js";
import { get, getText, post, save } from "./api.js";
import { beside } from "./beside.js";
import { clock } from "./clock.js";
import { desk, findWorld, keepDrawn, worldOf, worldOfJob } from "./desk.js";
import { exports, worldRows } from "./exporting.js";
import { objectParts, mark } from "./form.js";
import { ground } from "./ground.js";
import { lines } from "./lines.js";
import { forget, loadWorld } from "./model.js";
import { opening } from "./opening.js";
import { loadSchema, ofKind } from "./schema.js";
import { attempt, tell } from "./told.js";
import { firstOf, link } from "./watch.js";
import { follow } from "./whatif.js";
import { groupText, itemText, plain, TONES, told } from "./words.js";

export async function umpire(main, [first, second], go) {
  const id = Number(first) || desk.worlds.at(-1)?.id;
  if (first === "new" || !await findWorld(id)) {
    main.replaceChildren(element("h1", {}, "Run it yourself"), element("p", { class: "lead" }, "The run waits at hour 0. You say how far it goes, what happens next, and from which hour it could have gone another way."), opening((opened) => go(`umpire/${opened}`), { to: 0 }));
    return undefined;
  }
  await loadSchema();
  return second && await findWorld(Number(second)) ? compare(main, id, Number(second), go) : game(main, id, go);
}

async function game(main, id, go) {
  const world = await loadWorld(id);
  await world.refreshEvents();
  const about = () => worldOf(id);
  let garrison = world.ground.focus;
  const map = ground(world, { onPick: (p) => choose(p) });
  const chart = lines(world, () => leaves(world), { label: () => `Share still serving at ${world.places[garrison].title} in every branch, by hour`, onHour: (hour) => hand.go(hour) });
  const others = new Map([[id, world]]);
  const leaves = () => family(id).filter(isLeaf).map((each) => others.get(each.id) && { title: each.title, values: others.get(each.id).line(garrison), dates: others.get(each.id).dates, tone: `${toneOf(others.get(each.id), garrison)}${each.id === id ? " strong" : ""}` }).filter(Boolean);
  const log = element("ol", { class: "latest log", tabindex: 0, "aria-label": "What happened" });
  const where = element("p", { class: "big-share" });
  const hand = clock(world, (i) => {
    map.update(i);
    chart.at(world.hours[i]);
    where.textContent = `${percent(world.whole(i))} serve, ${world.lost(i)} of ${world.places.length} garrisons lost`;
    fromHour.textContent = `Branch from ${moment(world.dates[i])} (hour ${world.hours[i]})`;
  });
  const fromHour = element("button", { type: "button", class: "plain-button" }, "Branch");
  const choose = (p) => {
    garrison = p;
    map.choose(p);
    chart.draw();
  };
  const wrong = element("p", { class: "wrong", role: "alert" });
  const tree = element("div", { class: "tree" });
  const table = element("div", {});

  const runTo = (to) => {
    hand.follow();
    return attempt(() => post(`/api/worlds/${id}/advance`, { to }), wrong);
  };
  const target = element("input", { type: "number", class: "short", min: 0, max: world.ground.horizon, step: world.ground.step, value: Math.min(world.ground.horizon, about().hour + 24), "aria-label": "Hour to run to" });
  const ahead = (hours) => link(`+ ${hours} h`, () => runTo(Math.min(world.ground.horizon, about().hour + hours)));
  const name = element("input", { type: "text", placeholder: "what would be different", "aria-label": "Name of the branch", maxlength: 80 });
  fromHour.addEventListener("click", async () => {
    const at = world.hours[hand.index];
    const other = await attempt(async () => worldOfJob((await post(`/api/worlds/${id}/branch`, { at, title: name.value || undefined })).job), wrong);
    // whoever has gone elsewhere meanwhile stays there
    if (other && fromHour.isConnected) go(`umpire/${other}`);
  });
  const injector = inject(world, id, async (added) => {
    tell(`${itemText(added)}: it happens in the next step.`);
    await world.refreshEvents();
    chart.draw();
  });
  const files = exports({
    name: () => `${about().scenario}-branches`, svg: () => chart.svg,
    csv: () => worldRows([...others].map(([each, one]) => [worldOf(each)?.title ?? "", one])),
    command: async () => (await get(`/api/worlds/${id}/command`)).python,
  });
  const drawTree = () => {
    tree.replaceChildren(branches(family(id), id, world, (other) => go(`umpire/${other}`), (other) => go(`umpire/${id}/${other}`)));
    log.replaceChildren(...firstOf(told(world.log), 60).map((each) => element("li", {}, groupText(each), element("time", {}, moment(world.dateOf(each.line.hour))))));
    table.replaceChildren(...leafTable(family(id).filter(isLeaf)));
  };
  main.replaceChildren(
    element("div", { class: "head" }, element("h1", {}, about().title), element("div", { class: "controls" }, link("New game", () => go("umpire/new")), link("Watch", () => go(`watch/${id}`)),
      link("Save as scenario", async () => save(await getText(`/api/worlds/${id}/scenario`), `${about().scenario}-${id}.yaml`, "application/yaml")),
      link("Close", async () => {
        await post(`/api/worlds/${id}/close`);
        forget(id);
        go("umpire");
      }))),
    hand.node, where,
    element("div", { class: "stage" },
      element("section", { "aria-label": "Map" }, map.node),
      element("aside", { "aria-label": "What to do" },
        element("h3", {}, "Go on"), element("div", { class: "controls" }, ahead(6), ahead(24), link("To the end", () => runTo(world.ground.horizon))),
        element("div", { class: "controls" }, element("label", {}, "To hour ", target), link("Run", () => runTo(Number(target.value)))),
        element("h3", {}, "Let something happen"), injector,
        element("h3", {}, "Or another way"), element("div", { class: "controls" }, element("label", {}, "Called ", name), fromHour), wrong)),
    element("section", { "aria-label": "Branches" }, element("h2", {}, "Branches"), tree),
    element("section", { "aria-label": "Where the branches end" }, element("h3", {}, "Where they end"), table, chart.node, files),
    element("section", { "aria-label": "Log" }, element("h3", {}, "What happened"), log));
  choose(garrison);
  hand.show(world.last);
  hand.follow();
  drawTree();

  const state = () => about() ? JSON.stringify(family(id).map((each) => [each.id, each.hour, each.title, each.injected.length])) : null;
  const stop = keepDrawn(state, async () => {
    for (const each of family(id)) if (isLeaf(each) || each.id === id) others.set(each.id, await loadWorld(each.id));
    for (const key of [...others.keys()]) if (!worldOf(key)) others.delete(key);
    target.value = Math.min(world.ground.horizon, Math.max(Number(target.value), about()?.hour + 24));
    hand.grown(true);
    chart.draw();
    drawTree();
  });
  return () => {
    hand.stop();
    stop();
  };
}

function toneOf(world, p) {
  const share = world.serving(p, world.last);
  const [collapse, held] = world.bounds;
  return share >= held ? "held" : share < collapse ? "collapse" : "fragmented";
}

const isLeaf = (world) => !desk.worlds.some((each) => each.parent === world.id) || world.finished;

/** A world with everything it was branched from and everything branched from that. */
function family(id) {
  let root = worldOf(id);
  while (root?.parent && worldOf(root.parent)) root = worldOf(root.parent);
  const found = [];
  const take = (world, depth) => {
    if (!world) return;
    found.push({ ...world, depth });
    for (const each of desk.worlds) if (each.parent === world.id) take(each, depth + 1);
  };
  take(root, 0);
  return found;
}

function branches(worlds, id, world, open, besideOpen) {
  const horizon = world.ground.horizon;
  const rows = worlds.map((each) => {
    const button = element("button", { type: "button", class: "branch", "aria-current": each.id === id ? "true" : null, "data-world": each.id }, each.title);
    button.addEventListener("click", () => open(each.id));
    const line = bar(each, horizon);
    const says = element("span", { class: "branch-says" }, `hour ${each.hour}, ${percent(each.serving / each.people)} serve${each.verdict ? `, ${each.verdict}` : ""}`);
    const what = each.injected.filter((item) => !worldOf(each.parent)?.injected.some((old) => JSON.stringify(old) === JSON.stringify(item))).map(itemText).join("; ");
    const two = each.id === id ? null : link("Beside", () => besideOpen(each.id));
    two?.setAttribute("aria-label", `Show ${each.title} beside this one`);
    return element("li", { class: `branch-row depth-${Math.min(6, each.depth)}` }, button, line, says, two ?? element("span", {}), what ? element("span", { class: "note branch-what" }, what) : null);
  });
  return element("ul", { class: "branches" }, ...rows);
}

function bar(each, horizon) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 200 12");
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "branch-bar");
  const piece = (from, to, name) => {
    const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    rect.setAttribute("x", 200 * from / horizon);
    rect.setAttribute("width", Math.max(1, 200 * (to - from) / horizon));
    rect.setAttribute("y", 3);
    rect.setAttribute("height", 6);
    rect.setAttribute("class", name);
    svg.append(rect);
  };
  piece(0, horizon, "rail");
  piece(each.forked_at, each.hour, `share${Math.round(10 * each.serving / each.people)}`);
  return svg;
}

function leafTable(worlds) {
  if (worlds.length === 0) return [];
  const rows = worlds.map((each) => element("tr", {}, element("th", { scope: "row" }, each.title), element("td", {}, each.hour), element("td", {}, percent(each.serving / each.people)),
    element("td", { class: "words" }, each.verdict ? element("span", { class: TONES[each.verdict] }, element("i", { class: `dot ${TONES[each.verdict]}`, "aria-hidden": "true" }), each.verdict) : "still open"), element("td", { class: "words" }, each.injected.map(itemText).join("; ") || "as written")));
  return [element("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Table of branches" }, element("table", { class: "slim" },
    element("thead", {}, element("tr", {}, ...["", "Hour", "Serve", "Verdict", "Injected"].map((text, k) => element("th", { scope: "col", class: k > 2 ? "words" : null }, text)))), element("tbody", {}, ...rows)))];
}

/** The form that injects an event or an order. */
function inject(world, id, onDone) {
  const group = (label, names) => element("optgroup", { label }, ...names.map((each) => element("option", { value: each }, plain(each))));
  const kind = element("select", { "aria-label": "What happens" }, group("Events and orders", desk.hello.kinds.events), group("Measures of the defender", desk.hello.kinds.interventions));
  kind.value = "order";
  const body = element("div", { class: "fields" });
  const wrong = element("p", { class: "wrong", role: "alert" });
  const known = { places: world.ground.all_places.map((each) => each.id), forces: world.ground.forces.map((each) => each.id) };
  let item = {};
  const build = () => {
    const focus = world.places[world.ground.focus].id;
    const schema = ofKind(kind.value);
    item = { kind: kind.value };
    if (schema.properties.place) item.place = focus;
    if (schema.properties.places && (schema.required ?? []).includes("places")) item.places = [focus];
    if (kind.value === "order") item.order = "stand";
    if (kind.value === "attack") item.fighters = 500;
    if (kind.value === "mobilisation") item.volunteers = 500;
    if (kind.value === "reinforce") Object.assign(item, { force: known.forces[0], battalions: 1 });
    if (kind.value === "breach") item.share = 0.3;
    if (kind.value === "intensify") item.intensity = 1;
    if (kind.value === "leaving_safety") item.change = 0.3;
    const when = schema.properties.at ? ["id", "at", "spread", "probability", "title", "unless_held", "campaign_lead"] : ["start", "title", "duration"];
    body.replaceChildren(...objectParts(schema, item, (next) => { item = next; }, { known, skip: ["kind", ...when] }));
  };
  kind.addEventListener("change", build);
  build();
  const button = element("button", { type: "submit", class: "play" }, "Inject");
  const form = element("form", { class: "inject" }, kind, body, button, wrong);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    wrong.textContent = "";
    mark(body, []);
    try {
      onDone((await post(`/api/worlds/${id}/inject`, { item })).added);
    } catch (error) {
      mark(body, error.problems ?? []);
      wrong.textContent = [error.message, ...(error.problems ?? []).map((p) => `${p.path} ${p.says}. ${p.advice}`)].join("\n");
    }
  });
  return form;
}

async function compare(main, a, b, go) {
  const [first, second] = await Promise.all([loadWorld(a), loadWorld(b)]);
  const titles = [worldOf(a).title, worldOf(b).title];
  const both = beside(first, second, titles);
  main.replaceChildren(element("div", { class: "head" }, element("h1", {}, "Two branches side by side"), element("div", { class: "controls" }, link("Back to the game", () => go(`umpire/${a}`)))), both.node);
  return follow([[first, a], [second, b]], both);
}
