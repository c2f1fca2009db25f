// Bring the page to life: every figure that has a still or a table gets its chart.

import { alluvial } from "./alluvial.js";
import { atlas } from "./atlas.js";
import { bars, dots } from "./bars.js";
import { branches } from "./branches.js";
import { choice } from "./chosen.js";
import { element } from "./element.js";
import { DRAWINGS } from "./figures.js";
import { mount } from "./frame.js";
import { homes } from "./homes.js";
import { lanes } from "./lanes.js";
import { readPayload } from "./payload.js";
import { ranks } from "./ranks.js";
import { readings } from "./readings.js";
import { smallTimeline, timeline } from "./timeline.js";

const SMALL_HEIGHT = 84;

function start() {
  const text = document.getElementById("payload").textContent;
  for (const node of document.querySelectorAll(".live")) node.hidden = false;
  for (const node of document.querySelectorAll(".paper")) node.classList.add("hidden");
  for (const node of document.querySelectorAll("details.numbers")) node.open = false;
  document.body.classList.add("charted");
  const { figures, places } = JSON.parse(text);
  startFigures(figures);
  if (places) startResult(readPayload(text));
}

/** Figures of answers, in the order of the page. */
function startFigures(figures) {
  for (const node of document.querySelectorAll("[data-figure]")) {
    const figure = figures[Number(node.dataset.figure)];
    mount(node.querySelector(".plot"), (width) => DRAWINGS[figure.kind](figure, width));
  }
}

function startResult(data) {
  const chosen = choice(data.focus);
  startTimelines(data, chosen);
  atlas(document.getElementById("atlas"), data);
  startBars(data);
  for (const [name, draw] of [["lanes", lanes], ["branches", branches], ["ranks", ranks], ["readings", readings]]) {
    startPlaced(name, draw, data, chosen);
  }
}

function startTimelines(data, chosen) {
  const figure = document.getElementById("timeline");
  figure.prepend(placePicker("timeline-place", data, chosen));
  const drawn = mount(figure.querySelector(".plot"), (width) => timeline(chosen.get(), data, width));
  chosen.listen(drawn.redraw);
  for (const item of document.querySelectorAll(".multiple")) {
    const index = Number(item.dataset.place);
    const box = element("span", { class: "plot" });
    const name = element("span", { class: "name" }, ...item.querySelector(".name").childNodes);
    const button = element("button", { type: "button", class: "pick" }, name, box);
    item.replaceChildren(button);
    mount(box, (width) => smallTimeline(data.places[index], data, width, SMALL_HEIGHT));
    const mark = () => button.setAttribute("aria-pressed", String(chosen.get() === index));
    button.addEventListener("click", () => {
      chosen.set(index);
      figure.scrollIntoView({ block: "nearest", behavior: calm() ? "auto" : "smooth" });
    });
    chosen.listen(mark);
    mark();
  }
}

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

function placePicker(id, data, chosen) {
  const pick = element("select", { id });
  data.places.forEach((place, i) => pick.append(element("option", { value: i }, place.title)));
  pick.value = String(chosen.get());
  pick.addEventListener("change", () => chosen.set(Number(pick.value)));
  chosen.listen((index) => { pick.value = String(index); });
  return element("div", { class: "controls" }, element("label", { for: id }, "Place"), pick);
}

function startBars(data) {
  const plot = (name) => document.querySelector(`[data-chart="${name}"] .plot`);
  mount(plot("who"), (width) => dots(data.who, data.words, width));
  // results of earlier versions do not have it
  if (data.homes.length) mount(plot("homes"), (width) => homes(data, width));
  const exits = data.exits.map((row) => ({ ...row, title: data.words.exit[row.exit] ?? row.exit }));
  const ways = "Ways out, as shares of all departures; the numbers are in the table below";
  mount(plot("exits"), (width) => bars(exits, width, ways));
  mount(plot("flows"), (width) => alluvial(data, width));
  const why = Object.entries(data.why).filter(([, spread]) => spread)
    .map(([term, spread]) => ({ ...spread, title: data.words.term[term] ?? term }));
  const weights = "What weighed on those who left; the numbers are in the table below";
  mount(plot("why"), (width) => bars(why, width, weights));
}

/** A figure about one place, with a list to choose it; all follow one choice. */
function startPlaced(name, draw, data, chosen) {
  const figure = document.querySelector(`[data-chart="${name}"]`);
  figure.prepend(placePicker(`${name}-place`, data, chosen));
  const drawn = mount(figure.querySelector(".plot"), (width) => draw(chosen.get(), data, width));
  chosen.listen(drawn.redraw);
}

start();
