// Explore: saved results and answers; a scenario built by form, checked while one types.

import { alluvial } from "../../../report/web/src/alluvial.js";
import { atlas } from "../../../report/web/src/atlas.js";
import { bars, dots } from "../../../report/web/src/bars.js";
import { branches } from "../../../report/web/src/branches.js";
import { element } from "../../../report/web/src/element.js";
import { DRAWINGS } from "../../../report/web/src/figures.js";
import { mount } from "../../../report/web/src/frame.js";
import { homes } from "../../../report/web/src/homes.js";
import { lanes } from "../../../report/web/src/lanes.js";
import { ranks } from "../../../report/web/src/ranks.js";
import { readings } from "../../../report/web/src/readings.js";
import { readPayload } from "../../../report/web/src/payload.js";
import { timeline } from "../../../report/web/src/timeline.js";
import { get, getText, post, save } from "./api.js";
import { asking } from "./asking.js";
import { desk, ended } from "./desk.js";
import { exports } from "./exporting.js";
import { field, mark, reveal } from "./form.js";
import { openWorld } from "./opening.js";
import { loadSchema, read } from "./schema.js";
import { attempt, tell } from "./told.js";
import { link } from "./watch.js";

const WAIT = 350;
const FIRST = ["scenario", "title", "summary", "time", "places", "roads", "groups", "forces", "adversary", "events", "interventions"];

export async function explore(main, [what, which], go) {
  if (what === "result") return result(main, Number(which), go);
  if (what === "build") return build(main, which ?? desk.hello.library[0].name, go);
  return list(main, go);
}

async function list(main, go) {
  const { results, files } = await get("/api/results");
  const rows = results.map((each) => {
    const open = link(each.name, () => go(`explore/result/${each.id}`));
    return element("tr", {}, element("th", { scope: "row" }, open), element("td", { class: "words" }, each.kind), element("td", { class: "words" }, each.scenario), element("td", {}, each.replicates), element("td", {}, each.seed), element("td", { class: "words" }, each.made.replace("T", " ")), element("td", {}, pageOf(each)));
  });
  const pick = element("select", { id: "from" }, ...desk.hello.library.map((each) => element("option", { value: each.name }, each.title)));
  const runs = element("input", { type: "number", min: 1, max: 1000, value: 8, class: "short", id: "runs" });
  main.replaceChildren(
    element("h1", {}, "Explore"),
    element("section", { "aria-label": "Build" }, element("h2", {}, "Build a scenario"), element("p", { class: "text" }, "Begin with a case that works, and change it. Every value is checked while you type."),
      element("div", { class: "controls" }, element("label", { for: "from" }, "Begin with"), pick, link("Build", () => go(`explore/build/${pick.value}`)))),
    element("section", { "aria-label": "Run" }, element("h2", {}, "Run an ensemble"), element("p", { class: "text" }, `Its result is saved in ${desk.hello.folders[0]}, with the report.`),
      element("div", { class: "controls" }, element("label", { for: "runs" }, "Runs"), runs, link("Run", async () => {
        const done = await attempt(async () => ended((await post("/api/ensembles", { scenario: pick.value, replicates: Number(runs.value) })).job));
        if (done) {
          tell(`Saved as ${done.folder}.`);
          if (location.hash === "#explore") go("explore");
        }
      }))),
    element("section", { "aria-label": "Ask" }, element("h2", {}, "Ask a question"), element("p", { class: "text" }, `The answer is saved in ${desk.hello.folders[0]} with a page to keep, and opened here.`), asking({ files, results }, go)),
    element("section", { "aria-label": "Results" }, element("h2", {}, "Saved results and answers"),
      results.length ? element("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Table of results" }, element("table", {}, element("thead", {}, element("tr", {}, ...["Name", "Kind", "Scenario", "Runs", "Seed", "Made", "Page"].map((text, k) => element("th", { scope: "col", class: [1, 2, 5].includes(k) ? "words" : null }, text)))), element("tbody", {}, ...rows)))
        : element("p", { class: "note" }, "None here yet. Name folders when you start it: standfast serve DIR …")));
}

/** What saves the report beside something saved: one file, to be read or sent without the dashboard. */
function pageOf(entry) {
  if (!entry.page) return null;
  const node = link("Save page", () => attempt(async () => save(await getText(`/api/results/${entry.id}/page`), `${entry.name}.html`, "text/html")));
  node.setAttribute("aria-label", `Save the page of ${entry.name}`);
  return node;
}

async function result(main, id, go) {
  const data = await get(`/api/results/${id}`);
  const head = element("div", { class: "head" }, element("h1", {}, data.headline), element("div", { class: "controls" }, pageOf(data), link("All results", () => go("explore"))));
  if (data.figures) {
    main.replaceChildren(head, ...data.lead.map((text) => element("p", { class: "lead" }, text)), ...answer(data), credibility());
    return;
  }
  const payload = readPayload(JSON.stringify(data.payload));
  const map = element("div", {});
  const pick = element("select", { id: "result-place" });
  payload.places.forEach((place, p) => pick.append(element("option", { value: p }, place.title)));
  pick.value = payload.focus;
  const plot = element("div", { class: "plot" });
  const run = element("input", { type: "number", min: 0, max: data.replicates - 1, value: 0, class: "short", "aria-label": "Run to watch" });
  const command = async () => data.command;
  main.replaceChildren(head, ...data.lead.map((text) => element("p", { class: "lead" }, text)),
    element("div", { class: "controls" }, element("label", {}, "Run ", run), link("Watch this run person by person", async () => {
      const world = await attempt(() => openWorld({ result: id, seed: data.seed, replicate: Number(run.value), title: `${data.name}, run ${run.value}` }));
      if (world) go(`watch/${world}`);
    })),
    element("section", { "aria-label": "Map" }, map, exports({ name: () => `${data.name}-map`, svg: () => map.querySelector("svg.map"), command })),
    element("section", { "aria-label": "Strength" }, element("div", { class: "head" }, element("h2", {}, "Strength by hour, every run"), element("label", {}, "Place ", pick)), plot,
      exports({ name: () => `${data.name}-strength`, svg: () => plot.querySelector("svg"), csv: () => runRows(payload), command })));
  atlas(map, payload);
  const place = () => Number(pick.value);
  const drawn = [mount(plot, (width) => timeline(place(), payload, width))];
  pick.addEventListener("change", () => drawn.forEach((each) => each.redraw()));
  const causes = Object.entries(payload.why).filter(([, spread]) => spread).map(([term, spread]) => ({ ...spread, title: payload.words.term[term] ?? term }));
  const more = [
    ["said", "What was said, and not answered, there", (width) => lanes(place(), payload, width)],
    ["branches", "By branch, there", (width) => branches(place(), payload, width)],
    ["units", "Units, there", (width) => ranks(place(), payload, width)],
    ["moods", "Trust, fear and wavering, there", (width) => readings(place(), payload, width)],
    ["who", "Who left, by branch and home", (width) => dots(payload.who, payload.words, width), () => tableRows(payload.who, ["branch", "home", "people", "q05", "median", "q95"])],
    ["homes", "Who left hour by hour, by branch and home", (width) => homes(payload, width), () => homeRows(payload)],
    ["ways", "Who left, from where, and how", (width) => alluvial(payload, width), () => tableRows(payload.flows, ["branch", "home", "exit", "people"])],
    ["why", "What weighed on those who left", (width) => bars(causes, width, "What weighed on those who left"), () => causeRows(payload)],
  ];
  for (const [name, title, draw, csv] of more) {
    if (name === "homes" && !payload.homes.length) continue; // results of earlier versions
    const box = element("div", { class: "plot" });
    main.append(element("section", { "aria-label": title }, element("h2", {}, title), box, exports({ name: () => `${data.name}-${name}`, svg: () => box.querySelector("svg"), csv, command })));
    drawn.push(mount(box, draw));
  }
  main.append(credibility());
}

/** The credibility card, as in the report. */
function credibility() {
  const { says, factors } = desk.hello.credibility;
  const titles = ["Factor", "Level", "Ceiling", "Why not lower", "Why not higher", "Why no higher than the ceiling"];
  const rows = factors.map((each) => element("tr", {}, element("th", { scope: "row", class: "words" }, each.name), element("td", {}, each.level), element("td", {}, each.ceiling),
    ...[each.evidence, each.lacks, each.limit].map((text) => element("td", { class: "words" }, text))));
  return element("details", {}, element("summary", {}, "How far it can be believed"),
    element("p", { class: "text" }, `${says} Eight factors after NASA-STD-7009, levels from 0 to 4, the lowest first; the project's own assessment of the program and its shipped parameters, reviewed by nobody else.`),
    element("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Credibility card, table" }, element("table", { class: "credibility" },
      element("thead", {}, element("tr", {}, ...titles.map((text, k) => element("th", { scope: "col", class: k === 1 || k === 2 ? null : "words" }, text)))), element("tbody", {}, ...rows))));
}

const tableRows = (rows, columns) => [columns, ...rows.map((row) => columns.map((name) => row[name]))];

function runRows(payload) {
  const rows = [["place", "run", "hour", "share_serving"]];
  for (const place of payload.places) place.runs.forEach((line, run) => payload.hours.forEach((hour, i) => rows.push([place.id, run, hour, Math.round(1e4 * line[i]) / 1e4])));
  return rows;
}

function homeRows(payload) {
  const rows = [["branch", "home", "group", "hour", "q05", "median", "q95"]];
  for (const { branch, home, groups } of payload.homes) groups.forEach((group, g) => payload.hours.forEach((hour, i) => rows.push([branch, home, g, hour, ...group.map((line) => Math.round(1e4 * line[i]) / 1e4)])));
  return rows;
}

const causeRows = (payload) => [["cause", "q05", "median", "q95"], ...Object.entries(payload.why).filter(([, spread]) => spread).map(([term, spread]) => [term, spread.q05, spread.median, spread.q95])];

function answer(data) {
  const command = async () => data.command;
  const drawn = data.figures.map((figure, k) => {
    const plot = element("div", { class: "plot" });
    const csv = figure.rows.length ? () => [figure.columns, ...figure.rows] : undefined;
    const node = element("section", { "aria-label": figure.title }, element("h2", {}, figure.title), plot, element("p", { class: "note" }, figure.note),
      exports({ name: () => `${data.name}-${k + 1}`, svg: () => plot.querySelector("svg"), csv, command }));
    mount(plot, (width) => DRAWINGS[figure.kind](figure, width));
    return node;
  });
  return [...drawn, ...(data.table ? tableOf(data, command) : [])];
}

function tableOf(data, command) {
  const { columns, rows, more } = data.table;
  const shown = (value) => (typeof value === "number" ? (Number.isInteger(value) ? value : Number(value.toPrecision(4))) : value ?? "–");
  const body = element("tbody", {}, ...rows.slice(0, 500).map((row) => element("tr", {}, ...row.map((value) => element("td", { class: typeof value === "string" ? "words" : null }, String(shown(value)))))));
  return [
    element("h2", {}, "The whole table"),
    element("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Table of the answer" }, element("table", {}, element("thead", {}, element("tr", {}, ...columns.map((name, k) => element("th", { scope: "col", class: typeof rows[0]?.[k] === "string" ? "words" : null }, name)))), body)),
    rows.length > 500 || more ? element("p", { class: "note" }, `${rows.length + more} rows; the first ${Math.min(500, rows.length)} are shown.`) : null,
    exports({ name: () => data.name, csv: () => [columns, ...rows], command }),
  ].filter(Boolean);
}

async function build(main, base, go) {
  await loadSchema();
  const { document: initial } = await get(`/api/scenarios/${base}`);
  const schema = read(await loadSchema());
  let data = structuredClone(initial);
  let yaml = "";
  const verdict = element("p", { class: "check", role: "status" });
  const problems = element("ul", { class: "problems" });
  const form = element("form", { class: "build", novalidate: true });
  form.addEventListener("submit", (event) => event.preventDefault());
  let timer = null;
  let asked = 0;
  const check = async () => {
    const number = ++asked;
    const found = await attempt(() => post("/api/check", { document: data, base }), verdict);
    if (!found || number !== asked) return;
    yaml = found.yaml;
    mark(form, found.problems);
    verdict.textContent = found.problems.length ? `${found.problems.length + found.more} to mend` : `It holds together: ${found.people.toLocaleString("en")} names on paper.`;
    verdict.classList.toggle("bad", found.problems.length > 0);
    problems.replaceChildren(...found.problems.slice(0, 12).map((problem) => element("li", {}, link(problem.path || "the scenario", () => reveal(form, problem.path)), ` ${problem.says}. ${problem.advice}`)));
    for (const button of needs) button.disabled = found.problems.length > 0;
  };
  const changed = (name) => (value) => {
    if (value === null) {
      const { [name]: _, ...rest } = data;
      data = rest;
    } else data = { ...data, [name]: value };
    clearTimeout(timer);
    timer = setTimeout(check, WAIT);
  };
  const known = { get places() { return Object.keys(data.places ?? {}); }, get forces() { return Object.keys(data.forces ?? {}); } };
  const names = [...FIRST, ...Object.keys(schema.properties).filter((name) => ![...FIRST, "standfast", "evidence"].includes(name))];
  form.append(...names.map((name) => field(schema.properties[name], data[name], changed(name), { path: [name], name, known })));
  const runs = element("input", { type: "number", min: 1, max: 1000, value: 8, class: "short", "aria-label": "Runs" });
  const watchIt = link("Watch it", async () => {
    const world = await attempt(() => openWorld({ document: data, base }));
    if (world) go(`watch/${world}`);
  });
  const runIt = link("Run and save", async () => {
    const done = await attempt(async () => ended((await post("/api/ensembles", { document: data, base, replicates: Number(runs.value) })).job));
    if (done) tell(`Saved as ${done.folder}.`);
  });
  const saveIt = link("Save as file", () => save(yaml, `${data.scenario}.yaml`, "application/yaml"));
  const needs = [watchIt, runIt, saveIt];
  main.replaceChildren(
    element("div", { class: "head" }, element("h1", {}, "Build a scenario"), element("div", { class: "controls" }, link("All results", () => go("explore")))),
    element("p", { class: "lead" }, "Aggregates only: strengths, shares, places. Nothing about any real person belongs here, and a file that holds such data is refused."),
    element("div", { class: "bar" }, verdict, watchIt, element("label", {}, "Runs ", runs), runIt, saveIt),
    problems, form, exports({ name: () => data.scenario, command: async () => `standfast run ${data.scenario}.yaml --replicates ${runs.value} --seed 1` }));
  check();
}
