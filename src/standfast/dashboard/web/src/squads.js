// The people of a company, squad by squad: one mark a person; choosing one opens their story.

import { element } from "../../../report/web/src/element.js";
import { get } from "./api.js";

const RANKS = ["soldier", "squad leader", "platoon leader", "company commander", "battalion commander"];
/** How a status looks: on duty, on leave, back; gone in some way; dead or captured; a ghost. */
export const LOOKS = ["duty", "away", "gone", "gone", "gone", "gone", "gone", "dead", "dead", "back", "ghost"];

export function squads(world, { onPick }) {
  const node = element("div", { class: "squads" });
  let company = -1;
  let asked = 0;
  let chosen = -1;
  const load = async (step) => {
    if (company < 0) return;
    const number = ++asked;
    const data = await get(`/api/worlds/${world.id}/squads?company=${company}&step=${step}`);
    if (number !== asked) return;
    node.replaceChildren(element("p", { class: "note" }, "Each mark is one synthetic person. Choose one to read their story."), ...data.squads.map(row), key());
  };
  const row = ({ squad, members }) => {
    const marks = members.map(({ agent, status, rank }) => {
      const words = world.ground.words.status[status];
      const button = element("button", {
        type: "button", class: `mark ${LOOKS[status]} ${rank > 0 ? "leads" : ""}`, title: `${RANKS[rank]}, ${words}`, "aria-pressed": String(agent === chosen),
        "aria-label": `Squad ${squad}, ${RANKS[rank]} ${agent}: ${words}`, "data-agent": agent,
      });
      button.addEventListener("click", () => {
        chosen = agent;
        node.querySelectorAll("[aria-pressed=true]").forEach((each) => each.setAttribute("aria-pressed", "false"));
        button.setAttribute("aria-pressed", "true");
        onPick(agent);
      });
      return button;
    });
    return element("div", { class: "squad", role: "group", "aria-label": `Squad ${squad}` }, element("span", { class: "squad-name" }, `Squad ${squad}`), element("span", { class: "marks" }, ...marks));
  };
  node.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step || !event.target.matches(".mark")) return;
    const all = [...node.querySelectorAll(".mark")];
    all[all.indexOf(event.target) + step]?.focus();
    event.preventDefault();
  });
  return {
    node,
    async show(c, step) {
      company = c;
      if (c < 0) node.replaceChildren();
      else await load(step);
    },
    load,
    get company() { return company; },
  };
}

function key() {
  const rows = [["duty", "on duty"], ["away", "on leave"], ["gone", "left"], ["dead", "killed or captured"], ["back", "came back"], ["ghost", "a name on the payroll only"]];
  return element("p", { class: "marks-key" }, ...rows.map(([look, text]) => element("span", {}, element("i", { class: `mark ${look}`, "aria-hidden": "true" }), text)));
}
