// Explore: a question put from the page; checked while one types, run as work of the server.

import { element } from "../../../report/web/src/element.js";
import { post } from "./api.js";
import { desk, ended } from "./desk.js";
import { mark } from "./form.js";
import { attempt, tell } from "./told.js";

const WAIT = 350;
/** question -> how it is called, what it tells, what its runs are called, how many at first */
const QUESTIONS = {
  compare: ["What would have helped?", "Each measure against nothing, on the same people and the same luck.", "Pairs of runs", 20],
  why: ["Why did they leave?", "What weighed on those who left, and who would have stayed with each cause off in turn.", "Runs of each world", 10],
  tip: ["Where does it tip?", "The value of one field at which the probability of a verdict crosses a level, by runs placed where they tell most.", "Runs at most", 300],
};

/** The form; `files` are scenario files of the folders, `results` what was saved there. */
export function asking({ files, results }, go) {
  const scenario = source(files, results);
  const question = element("select", { id: "ask-question" }, ...Object.entries(QUESTIONS).map(([name, [title]]) => element("option", { value: name }, title)));
  const replicates = element("input", { type: "number", id: "ask-replicates", class: "short", min: 2, step: 1 });
  const seed = element("input", { type: "number", id: "ask-seed", class: "short", min: 0, step: 1, value: 1 });
  const horizon = element("input", { type: "text", id: "ask-horizon", class: "short", placeholder: "as written" });
  const about = element("p", { class: "note" });
  const counted = element("span", {});
  const { node: measures, chosen } = measureChoice();
  const range = rangeChoice();
  const place = placeChoice();
  const outcome = outcomeChoice();
  const causes = causeChoice();
  const wrong = element("p", { class: "wrong", role: "alert" });
  const command = element("pre", { class: "command", tabindex: 0, "aria-label": "The same as a command" });
  const button = element("button", { type: "submit", class: "play" }, "Ask");
  const form = element("form", { class: "ask", novalidate: true },
    element("div", { class: "fields" }, part("scenario", "Scenario", scenario), part("question", "Question", question)), about,
    element("div", { class: "fields slim" }, part("place", "Place that is judged", place.node), ...outcome.nodes), measures, range.node, causes.node,
    element("div", { class: "fields slim" }, part("replicates", counted, replicates), part("seed", "Seed", seed), part("horizon", "How long, such as 20 d", horizon)),
    command, button, wrong);
  const whole = (input) => (input.value === "" ? null : Number(input.value));
  const asked = () => {
    const [kind, value] = scenario.value.split(":");
    const own = { compare: () => ({ measures: chosen() }), tip: () => ({ ...range.value(), ...outcome.value() }), why: () => ({ mechanisms: causes.chosen() }) }[question.value]();
    return { [kind]: kind === "scenario" ? value : Number(value), question: question.value, replicates: whole(replicates), seed: whole(seed), horizon: horizon.value, place: place.node.value, ...own };
  };
  let timer = null;
  let number = 0;
  let touched = false;
  const check = async () => {
    const mine = ++number;
    wrong.textContent = "";
    const found = await attempt(() => post("/api/questions/check", asked()), wrong);
    if (!found || mine !== number) return;
    const lost = [place.offer(found.choices.places), causes.offer(found.choices.mechanisms)];
    if (lost.includes(true)) {
      check();
      return;
    }
    command.textContent = found.command;
    command.hidden = !found.command;
    if (touched) show(form, wrong, found.problems);
    else mark(form, []);
  };
  const adapt = () => {
    const [, tells, runs, first] = QUESTIONS[question.value];
    about.textContent = tells;
    counted.textContent = runs;
    replicates.value = first;
    measures.hidden = question.value !== "compare";
    for (const node of [range.node, ...outcome.nodes]) node.hidden = question.value !== "tip";
    causes.node.hidden = question.value !== "why";
  };
  question.addEventListener("change", () => {
    adapt();
    touched = false;
  });
  form.addEventListener("input", (event) => {
    touched = event.target !== question;
    clearTimeout(timer);
    timer = setTimeout(check, WAIT);
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    clearTimeout(timer);
    touched = true;
    number++;
    wrong.textContent = "";
    button.disabled = true;
    await put(asked(), form, wrong, go);
    button.disabled = false;
  });
  adapt();
  check();
  return form;
}

/** Ask, wait, and open the answer; whoever has gone elsewhere is only told. */
async function put(asked, form, wrong, go) {
  try {
    const { job } = await post("/api/questions", asked);
    mark(form, []);
    tell("It runs; closing the page loses nothing.");
    const done = await ended(job);
    if (!done) tell("Cancelled.");
    else if (form.isConnected) go(`explore/result/${done.result}`);
    else tell(`The answer is saved as ${done.folder}.`);
  } catch (error) {
    if (error.problems?.length) show(form, wrong, error.problems);
    else wrong.textContent = error.message;
  }
}

/** Tell each problem beside its field, and what has no field below. */
function show(form, wrong, problems) {
  mark(form, problems);
  const known = new Set([...form.querySelectorAll("[data-path]")].map((node) => node.dataset.path));
  wrong.textContent = problems.filter((each) => !known.has(each.path)).map((each) => `${each.path} ${each.says}. ${each.advice}`.trim()).join("\n");
}

function part(path, title, input) {
  return element("div", { class: "field", "data-path": path }, element("label", { for: input.id }, title), input, element("p", { class: "wrong", role: "alert", hidden: true }));
}

function source(files, results) {
  const group = (label, each) => (each.length ? element("optgroup", { label }, ...each) : null);
  const option = (kind, value, text) => element("option", { value: `${kind}:${value}` }, text);
  return element("select", { id: "ask-scenario" },
    group("Built-in cases", desk.hello.library.map((each) => option("scenario", each.name, each.title))),
    group("Scenario files", files.map((each) => option("file", each.id, each.name))),
    group("Of what was saved", results.filter((each) => each.scenario).map((each) => option("result", each.id, `${each.name} (${each.scenario})`))));
}

function measureChoice() {
  const boxes = desk.hello.cards.map((kind) => element("input", { type: "checkbox", id: `ask-${kind.kind}`, value: kind.kind.replaceAll("_", "-"), checked: kind.kind === "keep_leaders" }));
  const others = element("textarea", { id: "ask-others", rows: 2, spellcheck: "false", placeholder: "answer-calls:size=0.8,delay=6 h\nkeep-leaders + amnesty:size=0.5" });
  const node = element("fieldset", {}, element("legend", {}, "Measures"),
    element("div", { class: "measures" }, ...boxes.map((box, k) => element("label", { for: box.id }, box, " ", desk.hello.cards[k].title))),
    part("measures", "Others, one a line: with size, place or hour, joined, or the scenario’s own", others));
  return { node, chosen: () => [...boxes.filter((box) => box.checked).map((box) => box.value), ...others.value.split("\n").map((text) => text.trim()).filter(Boolean)] };
}

function rangeChoice() {
  const known = element("datalist", { id: "ask-fields" }, ...desk.hello.fields.map((name) => element("option", { value: name })));
  const field = element("input", { type: "text", id: "ask-field", list: known.id, value: "infiltration", spellcheck: "false" });
  const low = element("input", { type: "text", id: "ask-low", class: "short", placeholder: "usual" });
  const high = element("input", { type: "text", id: "ask-high", class: "short", placeholder: "usual" });
  const node = element("div", { class: "fields slim" }, part("field", "Field: a short name, a path or a measure", field), part("low", "From", low), part("high", "To", high), known);
  return { node, value: () => ({ field: field.value, low: low.value, high: high.value }) };
}

/** The places of the scenario; `offer` says whether the one that was chosen is not among them. */
function placeChoice() {
  const node = element("select", { id: "ask-place" });
  let drawn = "";
  const offer = (places) => {
    const now = JSON.stringify(places);
    if (now === drawn) return false;
    drawn = now;
    const before = node.value;
    node.replaceChildren(...places.map((each, k) => element("option", { value: k ? each.id : "" }, k ? each.title : `${each.title}, the main place`)));
    const known = before === "" || places.some((each) => each.id === before);
    node.value = known ? before : "";
    return !known;
  };
  return { node, offer };
}

function outcomeChoice() {
  // the last is the worst, and what is asked about where nobody says
  const verdict = element("select", { id: "ask-verdict" }, ...desk.hello.verdicts.toReversed().map((each, k) => element("option", { value: k ? each : "" }, `${each[0].toUpperCase()}${each.slice(1)}`)));
  const level = element("input", { type: "number", id: "ask-level", class: "short", min: 0.05, max: 0.95, step: 0.05, value: 0.5 });
  return {
    nodes: [part("verdict", "Verdict", verdict), part("level", "Probability sought", level)],
    value: () => ({ verdict: verdict.value, level: level.value === "" ? null : Number(level.value) }),
  };
}

/** The mechanisms of the scenario that act; with none chosen, all are looked at. */
function causeChoice() {
  const chosen = new Set();
  const says = element("summary", {});
  const boxes = element("div", { class: "measures" });
  const count = () => { says.textContent = `Looked at: ${chosen.size ? `${chosen.size} chosen` : "all that act"}`; };
  const node = element("fieldset", {}, element("legend", {}, "Causes"),
    element("div", { class: "field", "data-path": "mechanisms" }, element("details", {}, says, boxes), element("p", { class: "wrong", role: "alert", hidden: true })));
  const boxOf = (each) => {
    const box = element("input", { type: "checkbox", id: `ask-cause-${each.id}`, value: each.id, checked: chosen.has(each.id) });
    box.addEventListener("change", () => {
      if (box.checked) chosen.add(each.id);
      else chosen.delete(each.id);
      count();
    });
    return element("label", { for: box.id }, box, ` ${each.title} (${each.id})`);
  };
  let drawn = "";
  const offer = (mechanisms) => {
    const lost = [...chosen].filter((name) => !mechanisms.some((each) => each.id === name));
    lost.forEach((name) => chosen.delete(name));
    const now = JSON.stringify(mechanisms);
    if (now !== drawn) boxes.replaceChildren(...mechanisms.map(boxOf));
    drawn = now;
    count();
    return lost.length > 0;
  };
  count();
  return { node, offer, chosen: () => [...chosen] };
}
