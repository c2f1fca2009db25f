// Opening a world: a built-in case, or one run of a saved result, simulated again beside the page.

import { element } from "../../../report/web/src/element.js";
import { get, post } from "./api.js";
import { desk, worldOfJob } from "./desk.js";
import { attempt, hush, tell } from "./told.js";

export async function openWorld(asked) {
  const { job } = await post("/api/worlds", asked);
  tell("Opening: building people and ties, then running.");
  const id = await worldOfJob(job);
  hush();
  return id;
}

/** The form that opens a world; `onOpen(id)` is called when it can be watched. */
export function opening(onOpen, { to } = {}) {
  const pick = element("select", { id: "case" });
  const cases = element("optgroup", { label: "Built-in cases" });
  for (const each of desk.hello.library) cases.append(element("option", { value: `case:${each.name}` }, `${each.title} (${each.people.toLocaleString("en")} names)`));
  pick.append(cases);
  const about = element("p", { class: "note" });
  const describe = () => {
    const name = pick.value.slice(5);
    about.textContent = pick.value.startsWith("case:") ? desk.hello.library.find((each) => each.name === name).summary : "One run of this result is simulated again, person by person; it comes to the same.";
  };
  pick.addEventListener("change", describe);
  describe();
  const seed = number("seed", "Seed", 1, 0);
  const replicate = number("replicate", "Run", 0, 0);
  const button = element("button", { type: "submit", class: "play" }, to === undefined ? "Watch it" : "Open it");
  const wrong = element("p", { class: "wrong", role: "alert" });
  const form = element("form", { class: "opening" }, element("div", { class: "controls" }, element("label", { for: "case" }, "Case"), pick, seed.node, replicate.node, button), about, wrong);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    const [kind, value] = pick.value.split(":");
    const source = kind === "case" ? { scenario: value } : { result: Number(value) };
    const id = await attempt(() => openWorld({ ...source, seed: Number(seed.input.value), replicate: Number(replicate.input.value), ...(to === undefined ? {} : { to }) }), wrong);
    button.disabled = false;
    if (id && form.isConnected) onOpen(id);
  });
  get("/api/results").then(({ results }) => {
    const saved = results.filter((each) => each.kind === "result");
    if (!saved.length) return;
    const group = element("optgroup", { label: "Saved results" });
    for (const each of saved) group.append(element("option", { value: `result:${each.id}` }, `${each.name} (${each.replicates} runs)`));
    pick.append(group);
    pick.addEventListener("change", () => {
      const entry = saved.find((each) => `result:${each.id}` === pick.value);
      if (entry) seed.input.value = entry.seed;
    });
  }).catch(() => {});
  return form;
}

function number(id, title, value, min) {
  const input = element("input", { type: "number", id, min, step: 1, value, class: "short" });
  return { input, node: element("label", { for: id }, `${title} `, input) };
}

/** Choose among the worlds that are open. */
export function worldPicker(id, onPick, { title = "World", only = () => true } = {}) {
  const pick = element("select", {});
  const fill = () => {
    const worlds = desk.worlds.filter(only);
    const texts = worlds.map((each) => `${each.id}. ${each.title}`);
    const before = [...pick.options].map((option) => option.textContent).join("|");
    if (before === texts.join("|")) return;
    pick.replaceChildren(...worlds.map((each, i) => element("option", { value: each.id, selected: each.id === id }, texts[i])));
  };
  fill();
  pick.addEventListener("change", () => onPick(Number(pick.value)));
  return { node: element("label", {}, `${title} `, pick), fill };
}
