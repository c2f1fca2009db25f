// The map by hour: garrisons draining, roads taken, and what happened last.

import { create, select } from "d3-selection";
import { element } from "./element.js";
import { moment, percent } from "./words.js";

const WIDTH = 760;
const NARROW = 560;
const FRAMES_PER_SECOND = 24;
const ADVERSARY = 2;

/** Build the map with its controls into a node. */
export function atlas(node, data) {
  const worlds = listWorlds(data);
  const drawing = drawSheet(data);
  const side = drawSide();
  let world = worlds[0];
  let hour = 0;
  const clock = element("p", { class: "clock", "aria-live": "off" });
  const slider = element("input", {
    type: "range", id: "hour", min: 0, max: data.hours.length - 1, step: 1, value: 0, "aria-label": "Moment shown on the map",
  });
  const play = element("button", { type: "button", class: "play" }, "Play");
  const pick = element("select", { id: "world" });
  worlds.forEach((each, i) => pick.append(element("option", { value: i }, each.title)));
  const show = (index) => {
    hour = index;
    slider.value = index;
    slider.setAttribute("aria-valuetext", moment(data.dates[index]));
    clock.textContent = moment(data.dates[index]);
    drawing.update(world, index);
    side.update(world, index, data);
  };
  slider.addEventListener("input", () => show(Number(slider.value)));
  pick.addEventListener("change", () => {
    world = worlds[Number(pick.value)];
    show(hour);
  });
  animate(play, data.hours.length, () => hour, show);
  node.replaceChildren(
    element("div", { class: "controls" }, clock, play, slider),
    element("div", { class: "atlas" },
      element("div", { class: "sheet" }, drawing.node),
      element("div", { class: "side" },
        element("label", { for: "world" }, "Showing"), pick, side.node)),
  );
  drawing.follow(node.querySelector(".sheet"));
  show(openingHour(data, world));
}

/** Open at the hour by which half of what goes has gone: the map shows something at once. */
function openingHour(data, world) {
  const total = (i) => data.places.reduce((sum, place, p) => sum + place.people * world.serving(p, i), 0);
  const last = data.hours.length - 1;
  const half = (total(0) + total(last)) / 2;
  let index = 0;
  while (index < last && total(index) > half) index++;
  return index;
}

/** What the map may show: the middle of a group of runs, of all of them, or one run. */
export function listWorlds(data) {
  const focus = data.places[data.focus];
  const everyone = Array.from({ length: data.replicates }, (_, i) => i);
  const grouped = [...focus.groups].reverse().sort((a, b) => b.members.length - a.members.length);
  const worlds = [];
  if (grouped.length > 1) {
    for (const group of grouped) {
      worlds.push(middleOf(`${group.members.length} runs: ${focus.title} ends at ${percent(group.end)}`, group.members, data));
    }
  }
  if (data.replicates > 1) worlds.push(middleOf(`All ${data.replicates} runs, in the middle`, everyone, data));
  for (const run of everyone) worlds.push(singleRun(run, data));
  return worlds;
}

function middleOf(title, members, data) {
  const lines = data.places.map(() => null);
  const losses = data.places.map(() => null);
  return {
    title,
    serving(p, i) {
      lines[p] ??= medians(members.map((member) => data.places[p].runs[member]));
      return lines[p][i];
    },
    control(p, i) {
      losses[p] ??= members.map((member) => data.places[p].control[member]);
      return commonest(losses[p].map((changes) => controlAt(changes, data.hours[i])));
    },
  };
}

function singleRun(run, data) {
  return {
    title: `Run ${run + 1}`,
    serving: (p, i) => data.places[p].runs[run][i],
    control: (p, i) => controlAt(data.places[p].control[run], data.hours[i]),
  };
}

function medians(lines) {
  const column = new Float32Array(lines.length);
  const half = lines.length >> 1;
  return Float32Array.from(lines[0], (_, i) => {
    lines.forEach((line, k) => { column[k] = line[i]; });
    column.sort();
    return lines.length % 2 ? column[half] : (column[half - 1] + column[half]) / 2;
  });
}

export function controlAt(changes, hour) {
  let code = changes[0][1];
  for (const [from, next] of changes) {
    if (from > hour) break;
    code = next;
  }
  return code;
}

function commonest(codes) {
  const counts = [0, 0, 0];
  for (const code of codes) counts[code]++;
  return counts.indexOf(Math.max(...counts));
}

/** Draw the map of a payload; returns its node, the discs, and how to show an hour of a world. */
export function drawSheet(data) {
  const { map } = data;
  const svg = create("svg:svg").attr("class", map.home ? "map" : "map nowhere").attr("viewBox", `0 0 ${WIDTH} ${map.height}`).attr("role", "img");
  for (const [name, path] of [["land", map.home], ["river", map.rivers], ["border", map.borders]]) {
    if (path) svg.append("path").attr("class", name).attr("d", path);
  }
  const roads = map.roads.map(([a, b]) => {
    const [from, to] = [map.spots[a], map.spots[b]];
    return { a, b, line: svg.append("path").attr("class", "road").attr("d", `M${from.x},${from.y}L${to.x},${to.y}`) };
  });
  const discs = map.spots.map((spot) => {
    const at = (name, radius) => svg.append("circle").attr("class", name).attr("cx", spot.x).attr("cy", spot.y).attr("r", radius);
    if (spot.garrison < 0) return { spot, ring: at("empty", spot.r), disc: null };
    return { spot, ring: at("ring", spot.r), disc: at("disc", spot.r) };
  });
  const names = svg.append("g");
  discs.forEach(({ ring, spot }) => ring.append("title").text(spot.title));
  return {
    node: svg.node(),
    discs,
    follow: (box) => followWidth(box, names, data),
    update: (world, i) => updateSheet(svg, roads, discs, world, i, data),
  };
}

/** Names are laid out for a wide and for a narrow map. */
function followWidth(box, names, data) {
  let drawn = "";
  const draw = () => {
    const kind = box.clientWidth < NARROW ? "narrow" : "wide";
    if (kind === drawn) return;
    drawn = kind;
    names.selectAll("*").remove();
    data.map.labels[kind].forEach((label, i) => {
      if (!label) return;
      names.append("text").attr("x", label[0]).attr("y", label[1]).attr("text-anchor", label[2])
        .attr("font-size", kind === "wide" ? 14.5 : 29).text(data.map.spots[i].title);
    });
  };
  new ResizeObserver(() => requestAnimationFrame(draw)).observe(box);
  draw();
}

function updateSheet(svg, roads, discs, world, i, data) {
  const control = data.map.spots.map((spot) => (spot.garrison < 0 ? 0 : world.control(spot.garrison, i)));
  discs.forEach(({ spot, ring, disc }, k) => {
    if (!disc) return;
    const state = control[k] === ADVERSARY ? "lost" : control[k] === 1 ? "contested" : "";
    ring.attr("class", `ring ${state}`);
    disc.attr("class", `disc ${state === "lost" ? state : ""}`);
    disc.attr("r", spot.r * Math.sqrt(Math.max(0, Math.min(1, world.serving(spot.garrison, i)))));
  });
  for (const { a, b, line } of roads) {
    line.attr("class", control[a] === ADVERSARY && control[b] === ADVERSARY ? "road taken" : "road");
  }
  const lost = control.filter((code) => code === ADVERSARY).length;
  svg.attr("aria-label", `Map, ${moment(data.dates[i])}: ${lost} garrisoned places under the adversary`);
}

function drawSide() {
  const numbers = element("dl");
  const latest = element("ul", { class: "latest" });
  const node = element("div", {}, numbers, latest, key());
  const update = (world, i, data) => {
    let serving = 0;
    let people = 0;
    let lost = 0;
    data.places.forEach((place, p) => {
      serving += place.people * world.serving(p, i);
      people += place.people;
      if (world.control(p, i) === ADVERSARY) lost++;
    });
    numbers.replaceChildren(
      element("dt", {}, "Of all still serving"), element("dd", {}, percent(serving / people)),
      element("dt", {}, "Garrisons lost"), element("dd", {}, `${lost} of ${data.places.length}`),
    );
    const before = data.events.filter((event) => event.hour <= data.hours[i]).slice(-3).reverse();
    latest.replaceChildren(...before.map((event) =>
      element("li", {}, event.title, element("time", {}, moment(data.dateOf(event.hour))))));
  };
  return { node, update };
}

function key() {
  const rows = [["ring", "disc", "garrison, and how much of it still serves"], ["ring contested", "disc", "contested"], ["ring lost", "disc lost", "under the adversary"]];
  return element("div", { class: "key" }, ...rows.map(([ring, disc, text]) => {
    const svg = create("svg:svg").attr("viewBox", "-11 -11 22 22").attr("aria-hidden", "true");
    svg.append("circle").attr("class", ring).attr("r", 9.5);
    svg.append("circle").attr("class", disc).attr("r", 6);
    return element("p", {}, svg.node(), text);
  }));
}

function animate(button, nHour, current, show) {
  let timer = null;
  const stop = () => {
    clearInterval(timer);
    timer = null;
    button.textContent = "Play";
  };
  const step = Math.max(1, Math.round(nHour / 480));
  button.addEventListener("click", () => {
    if (timer !== null) return stop();
    if (current() >= nHour - 1) show(0);
    button.textContent = "Pause";
    timer = setInterval(() => {
      const next = Math.min(nHour - 1, current() + step);
      show(next);
      if (next === nHour - 1) stop();
    }, 1000 / FRAMES_PER_SECOND);
    return undefined;
  });
  select(window).on("beforeprint.atlas", stop);
}

