// The unit tree: a row of battalions over a row of companies, each as wide as its people and coloured
// by the share that still serves.

import { create } from "d3-selection";
import { element } from "../../../report/web/src/element.js";
import { percent } from "../../../report/web/src/words.js";

const STEPS = 10;
const ROWS = [30, 26];

/** Build the tree of a garrison's units; `onPick(company)` opens a company. */
export function icicle(world, { onPick }) {
  const { battalions, people } = world.ground.units;
  let garrison = 0;
  let chosen = -1;
  let index = 0;
  let cells = [];
  const box = element("div", { class: "plot" });
  const line = element("p", { class: "note under", "aria-live": "polite" });
  const pick = element("select", { "aria-label": "Company" });
  const node = element("div", { class: "icicle" }, box, element("div", { class: "controls small" }, element("label", {}, "Company ", pick), line));

  const draw = () => {
    const width = Math.floor(box.clientWidth);
    if (width <= 0) return;
    const here = battalions.map((battalion, b) => ({ ...battalion, b })).filter((each) => each.garrison === garrison);
    const total = here.reduce((sum, each) => sum + sizeOf(each), 0) || 1;
    const svg = create("svg:svg").attr("viewBox", `0 0 ${width} ${ROWS[0] + ROWS[1] + 4}`).attr("width", width).attr("height", ROWS[0] + ROWS[1] + 4)
      .attr("role", "img").attr("aria-label", `Units of ${world.places[garrison].title} by the share that still serves`);
    let left = 0;
    cells = [];
    pick.replaceChildren(element("option", { value: -1 }, "choose one"));
    for (const each of here) {
      const wide = sizeOf(each) / total * width;
      const rect = svg.append("rect").attr("x", left).attr("y", 0).attr("width", Math.max(0.5, wide - 1)).attr("height", ROWS[0] - 2);
      rect.append("title").text(each.title);
      cells.push({ rect, companies: each.companies, title: each.title, bucket: -1, company: -1 });
      if (wide > 60) svg.append("text").attr("class", "cell-name").attr("x", left + 6).attr("y", 19).text(clip(each.title, wide - 10));
      const group = element("optgroup", { label: each.title });
      let at = left;
      for (let c = each.companies[0]; c < each.companies[1]; c++) {
        const narrow = people[c] / total * width;
        const cell = svg.append("rect").attr("class", "company").attr("x", at).attr("y", ROWS[0]).attr("width", Math.max(0.5, narrow - 0.6)).attr("height", ROWS[1]);
        cell.on("click", () => open(c));
        cells.push({ rect: cell, companies: [c, c + 1], title: `${each.title}, company ${c - each.companies[0] + 1}`, bucket: -1, company: c });
        group.append(element("option", { value: c }, `Company ${c - each.companies[0] + 1}`));
        at += narrow;
      }
      pick.append(group);
      left += wide;
    }
    box.replaceChildren(svg.node());
    pick.value = chosen;
    colour();
  };
  const sizeOf = (battalion) => {
    let sum = 0;
    for (let c = battalion.companies[0]; c < battalion.companies[1]; c++) sum += people[c];
    return sum;
  };
  const share = ([first, last]) => {
    const shares = world.companies(index);
    let serving = 0;
    let all = 0;
    for (let c = first; c < last; c++) {
      serving += shares[c] / 250 * people[c];
      all += people[c];
    }
    return all ? serving / all : 0;
  };
  const colour = () => {
    for (const cell of cells) {
      const bucket = Math.round(STEPS * share(cell.companies));
      const mark = cell.company >= 0 && cell.company === chosen ? " chosen" : "";
      if (bucket === cell.bucket && mark === cell.mark) continue;
      cell.bucket = bucket;
      cell.mark = mark;
      cell.rect.attr("class", `${cell.company >= 0 ? "company " : ""}share${bucket}${mark}`);
    }
    const now = cells.find((cell) => cell.company === chosen);
    line.textContent = now ? `${now.title}: ${percent(share(now.companies))} serve` : "";
  };
  const open = (company) => {
    chosen = company;
    pick.value = company;
    colour();
    if (company >= 0) onPick(company);
  };
  pick.addEventListener("change", () => open(Number(pick.value)));
  new ResizeObserver(() => requestAnimationFrame(draw)).observe(box);
  return {
    node,
    get svg() { return box.querySelector("svg"); },
    show(p) {
      if (p !== garrison) chosen = -1;
      garrison = p;
      draw();
    },
    update(i) {
      index = i;
      colour();
    },
  };
}

function clip(text, room) {
  const most = Math.floor(room / 7);
  const tail = text.includes(", ") ? text.slice(text.lastIndexOf(", ") + 2) : text;
  const best = text.length <= most ? text : tail;
  return best.length <= most ? best : `${best.slice(0, Math.max(1, most - 1))}…`;
}
