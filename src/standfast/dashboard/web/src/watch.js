// Watch: a run hour by hour; a place, a unit, a squad, one soldier.

import { element } from "../../../report/web/src/element.js";
import { moment, percent } from "../../../report/web/src/words.js";
import { get } from "./api.js";
import { clock } from "./clock.js";
import { desk, findWorld, keepDrawn, listen, worldOf } from "./desk.js";
import { exports, worldRows } from "./exporting.js";
import { ground } from "./ground.js";
import { icicle } from "./icicle.js";
import { lines } from "./lines.js";
import { loadWorld } from "./model.js";
import { opening, worldPicker } from "./opening.js";
import { squads } from "./squads.js";
import { story, tell as tellStory } from "./story.js";
import { attempt } from "./told.js";
import { groupText, told } from "./words.js";

export async function watch(main, [asked], go) {
  const id = Number(asked) || desk.worlds.at(-1)?.id;
  if (asked === "new" || !await findWorld(id)) return start(main, go);
  return view(main, id, go);
}

function start(main, go) {
  main.replaceChildren(
    element("h1", {}, "Watch a force hold, or melt away"),
    element("p", { class: "lead" }, "Choose a case. It runs person by person, on this machine; you can play it, stop it at any hour, and ask one soldier what they lived through."),
    opening((id) => go(`watch/${id}`)));
}

async function view(main, id, go) {
  const world = await loadWorld(id);
  let garrison = world.ground.focus;
  const map = ground(world, { onPick: (p) => choose(p) });
  const numbers = element("dl", { class: "numbers" });
  const latest = element("ul", { class: "latest" });
  const tree = icicle(world, { onPick: (company) => openCompany(company) });
  const people = squads(world, { onPick: (agent) => openStory(agent) });
  const telling = element("div", { class: "told-story" });
  const place = element("h2", { class: "place-name" });
  const strength = lines(world, () => strengthRows(world, garrison), {
    label: () => `Share still serving at ${world.places[garrison].title} and over all, by hour`, onHour: (hour) => hand.go(hour),
  });
  const moods = lines(world, () => moodRows(world, garrison), {
    label: () => `Trust, fear and wavering at ${world.places[garrison].title}, by hour`, height: 180, onHour: (hour) => hand.go(hour),
  });
  const garrisons = element("select", { "aria-label": "Place" });
  world.places.forEach((each, p) => garrisons.append(element("option", { value: p }, each.title)));
  garrisons.addEventListener("change", () => choose(Number(garrisons.value)));

  let squadTimer = null;
  const onHour = (i) => {
    map.update(i);
    tree.update(i);
    strength.at(world.hours[i]);
    moods.at(world.hours[i]);
    showNumbers(numbers, latest, world, garrison, i);
    clearTimeout(squadTimer);
    squadTimer = setTimeout(() => people.load(stepOf(world, i)), 150);
  };
  const hand = clock(world, onHour, { horizon: world.ground.horizon });
  const choose = (p) => {
    garrison = p;
    garrisons.value = p;
    place.textContent = world.places[p].title;
    map.choose(p);
    tree.show(p);
    people.show(-1);
    strength.draw();
    moods.draw();
    onHour(hand.index);
  };
  const openCompany = (company) => people.show(company, stepOf(world, hand.index));
  const openStory = async (agent) => {
    telling.replaceChildren(element("p", { class: "note" }, "Running it again beside this person …"));
    const data = await attempt(() => tellStory(world, agent), telling.firstChild);
    if (data) {
      telling.replaceChildren(story(world, data, { onHour: (hour) => hand.go(hour) }));
      telling.scrollIntoView({ block: "nearest" });
    }
  };
  const picker = worldPicker(id, (other) => go(`watch/${other}`));
  const about = worldOf(id);
  const files = exports({
    name: () => `${about.scenario}-${world.places[garrison].id}`,
    svg: () => strength.svg,
    csv: () => worldRows([[about.title, world]]),
    command: async () => (await get(`/api/worlds/${id}/command`)).python,
  });
  const mapFiles = exports({ name: () => `${about.scenario}-map`, svg: () => map.svg });

  main.replaceChildren(
    element("div", { class: "head" }, element("h1", {}, world.ground.title), element("div", { class: "controls" }, picker.node,
      link("Open another", () => start(main, go)), link("What if?", () => go(`what-if/${id}`)), link("Take over", () => go(`umpire/${id}`)))),
    hand.node,
    element("div", { class: "stage" },
      element("section", { "aria-label": "Map" }, map.node, mapFiles),
      element("aside", { "aria-label": "This hour" }, numbers, element("h3", {}, "What happened last"), latest)),
    element("section", { class: "place", "aria-label": "Place" },
      element("div", { class: "head" }, place, element("label", {}, "Place ", garrisons)),
      element("div", { class: "two" },
        element("figure", {}, strength.node, element("figcaption", {}, "Share of the garrison still serving, and of all."), files),
        element("figure", {}, moods.node, element("figcaption", {}, "Of those on duty there."))),
      element("h3", {}, "Units"), element("p", { class: "note" }, "Battalions above, companies below, as wide as their people, from blue (all serve) to red (nobody does). Choose a company."),
      tree.node, people.node, telling));
  choose(garrison);
  if (!about.finished) hand.follow();
  hand.show(about.finished ? openingHour(world) : world.last);

  const unlist = listen(picker.fill);
  const stop = keepDrawn(() => worldOf(id) ? String(worldOf(id).hour) : null, async () => {
    await world.refresh();
    strength.draw();
    moods.draw();
    hand.grown(true);
  });
  return () => {
    hand.stop();
    unlist();
    stop();
  };
}

const stepOf = (world, i) => Math.round(world.hours[i] / world.ground.step);

/** Open at the hour by which half of what goes has gone: the map shows something at once. */
function openingHour(world) {
  const half = (world.whole(0) + world.whole(world.last)) / 2;
  let i = 0;
  while (i < world.last && world.whole(i) > half) i++;
  return i;
}

function strengthRows(world, p) {
  const line = world.line(p);
  const end = line.at(-1);
  const [collapse, held] = world.bounds;
  const tone = end >= held ? "held" : end < collapse ? "collapse" : "fragmented";
  return [{ title: "All", values: world.wholeLine(), tone: "faint" }, { title: world.places[p].title, values: line, tone }];
}

function moodRows(world, p) {
  return [["trust", "Trust", "held"], ["fear", "Fear", "collapse"], ["wavering", "Wavering", "fragmented"]]
    .map(([name, title, tone]) => ({ title, values: world.readingLine(name, p), tone }));
}

function showNumbers(numbers, latest, world, garrison, i) {
  const rows = [
    ["Of all still serving", percent(world.whole(i))],
    ["Garrisons lost", `${world.lost(i)} of ${world.places.length}`],
    [world.places[garrison].title, percent(world.serving(garrison, i))],
    ["Who waver there", percent(world.reading("wavering", garrison, i))],
  ];
  numbers.replaceChildren(...rows.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]));
  const hour = world.hours[i];
  const happened = firstOf(told(world.log, hour), 6);
  latest.replaceChildren(...happened.map((each) => element("li", {}, groupText(each), element("time", {}, moment(world.dateOf(each.line.hour))))));
  if (!happened.length) latest.replaceChildren(element("li", { class: "note" }, "Nothing yet."));
}

/** The first few that a generator gives. */
export function firstOf(each, most) {
  const found = [];
  for (const one of each) {
    if (found.push(one) === most) break;
  }
  return found;
}

export function link(text, action) {
  const node = element("button", { type: "button", class: "plain-button" }, text);
  node.addEventListener("click", action);
  return node;
}
