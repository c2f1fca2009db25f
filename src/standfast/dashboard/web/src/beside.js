// Two worlds side by side under one clock: two maps, one chart, and who stayed because of it.

import { element } from "../../../report/web/src/element.js";
import { percent } from "../../../report/web/src/words.js";
import { get } from "./api.js";
import { clock } from "./clock.js";
import { exports, worldRows } from "./exporting.js";
import { ground } from "./ground.js";
import { lines } from "./lines.js";
import { story, tell as tellStory } from "./story.js";
import { attempt } from "./told.js";

const RANKS = ["Soldier", "Squad leader", "Platoon leader", "Company commander", "Battalion commander"];

/** Show two worlds; returns the node and how to tell it that they have grown. */
export function beside(first, second, titles, short = titles) {
  let garrison = first.ground.focus;
  const longer = first.hours.length >= second.hours.length ? first : second;
  const maps = [first, second].map((world) => ground(world, { onPick: (p) => choose(p) }));
  const heads = titles.map((title) => element("h3", {}, title));
  const says = titles.map(() => element("p", { class: "big-share" }));
  const chart = lines(longer, () => [
    { title: short[0], values: first.line(garrison), dates: first.dates, tone: "collapse" },
    { title: short[1], values: second.line(garrison), dates: second.dates, tone: "held" },
  ], { label: () => `Share still serving at ${first.places[garrison].title} in both worlds, by hour`, onHour: (hour) => hand.go(hour) });
  const garrisons = element("select", { "aria-label": "Place" });
  first.places.forEach((each, p) => garrisons.append(element("option", { value: p }, each.title)));
  garrisons.addEventListener("change", () => choose(Number(garrisons.value)));
  const stayed = element("div", { class: "stayed" });
  const stories = element("div", { class: "two stories" });
  let timer = null;
  const onHour = (i) => {
    const hour = longer.hours[i];
    [first, second].forEach((world, k) => {
      const at = world.indexOf(hour);
      maps[k].update(at);
      says[k].textContent = `${percent(world.whole(at))} serve`;
    });
    chart.at(hour);
    clearTimeout(timer);
    timer = setTimeout(() => showStayed(hour), 200);
  };
  const hand = clock(longer, onHour);
  const choose = (p) => {
    garrison = p;
    garrisons.value = p;
    maps.forEach((map) => map.choose(p));
    chart.draw();
  };
  let asked = 0;
  const showStayed = async (hour) => {
    const mine = ++asked;
    const data = await get(`/api/worlds/${first.id}/stayed?with=${second.id}&hour=${hour}`).catch(() => null);
    if (!data || mine !== asked || !stayed.isConnected && stayed.childNodes.length) return;
    stayed.replaceChildren(...stayedParts(data, first, openBoth));
  };
  const openBoth = async (agent) => {
    stories.replaceChildren(element("p", { class: "note" }, "Running both worlds again beside this person …"));
    const both = await attempt(() => Promise.all([tellStory(first, agent), tellStory(second, agent)]), stories.firstChild);
    if (!both || both.some((data) => !data)) return;
    stories.replaceChildren(...both.map((data, k) => story([first, second][k], data, { title: titles[k], onHour: (hour) => hand.go(hour) })));
    stories.scrollIntoView({ block: "nearest" });
  };
  const files = exports({
    name: () => `${first.ground.scenario}-both`, svg: () => chart.svg, csv: () => worldRows([[titles[0], first], [titles[1], second]]),
    command: async () => (await Promise.all([first, second].map(async (world, k) => `# ${titles[k]}\n${(await get(`/api/worlds/${world.id}/command`)).python}`))).join("\n"),
  });
  const node = element("div", { class: "beside" },
    hand.node,
    element("div", { class: "two maps" }, ...maps.map((map, k) => element("section", { "aria-label": titles[k] }, element("div", { class: "head" }, heads[k], says[k]), map.node))),
    element("section", { class: "figures-of" }, element("div", { class: "head" }, element("h3", {}, "Share still serving"), element("label", {}, "Place ", garrisons)), chart.node, files),
    element("section", { "aria-label": "Who stayed because of it" }, element("h3", {}, "Who stayed because of it"), stayed, stories));
  choose(garrison);
  hand.show(longer.last);
  return { node, hand, grown: () => { chart.draw(); hand.grown(true); }, stop: hand.stop };
}

function stayedParts(data, world, onPerson) {
  const more = data.stayed - data.left;
  const says = `At this hour ${data.stayed.toLocaleString("en")} people serve who had left in the first world, and ${data.left.toLocaleString("en")} have left who served in it: ${more >= 0 ? more.toLocaleString("en") : `−${(-more).toLocaleString("en")}`} more of ${data.people.toLocaleString("en")}. The same synthetic people, under the same luck.`;
  const rows = [
    ...data.by_place.map((row, k) => [world.places[k].title, row]),
    ...data.by_branch.map((row, k) => [world.ground.words.branch[k], row]),
    ...data.by_home.map((row, k) => [`Home: ${world.ground.words.home[k]}`, row]),
  ].filter(([, row]) => row[0] > 0);
  const table = element("table", { class: "slim" },
    element("caption", {}, "Who serves in each world, and who stayed because of it."),
    element("thead", {}, element("tr", {}, ...["", "People", "Serve in the first", "In the second", "Stayed because of it", "Left because of it"].map((text) => element("th", { scope: "col" }, text)))),
    element("tbody", {}, ...rows.map(([title, row]) => element("tr", {}, element("th", { scope: "row" }, title), ...row.map((value) => element("td", {}, value.toLocaleString("en")))))));
  const people = data.examples.map((each) => {
    const button = element("button", { type: "button", class: "plain-button person", "data-agent": each.agent }, `${RANKS[each.rank]} of ${each.unit}, from ${each.home}`);
    button.addEventListener("click", () => onPerson(each.agent));
    return element("li", {}, button);
  });
  return [
    element("p", { class: "text" }, says),
    element("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Table of who stayed" }, table),
    people.length ? element("p", { class: "note under" }, "Some of those who stayed because of it; choose one to read both of their stories.") : null,
    element("ul", { class: "people" }, ...people),
  ].filter(Boolean);
}
