// One synthetic soldier's story: who, what happened hour by hour, how it ended.

import { drawDates, drawShares, linePath, shareScale, sheet, timeScale } from "../../../report/web/src/frame.js";
import { element } from "../../../report/web/src/element.js";
import { moment } from "../../../report/web/src/words.js";
import { work } from "./desk.js";

const LINES = [["fear", "Fear", "collapse"], ["trust", "Trust in command", "held"], ["belief", "Belief that the force holds", "withdrawal"]];

export async function tell(world, agent) {
  return work(`/api/worlds/${world.id}/story`, { agent });
}

/** Show a story; `onHour(hour)` is called when somebody wants to see an hour of it. */
export function story(world, data, { onHour, title = "The story of one soldier" } = {}) {
  const items = data.moments.map((each) => {
    const button = element("button", { type: "button", class: "when" }, moment(world.dateOf(each.hour)));
    button.addEventListener("click", () => onHour?.(each.hour));
    return element("li", { class: each.kind }, button, element("span", {}, each.text));
  });
  return element("section", { class: "story", "aria-label": title },
    element("h3", {}, title),
    element("p", { class: "who" }, data.introduction),
    chart(world, data),
    element("p", { class: "ending" }, data.ending),
    items.length ? element("ol", { class: "moments", tabindex: 0, "aria-label": "What happened, hour by hour" }, ...items) : element("p", { class: "note" }, "Nothing reached them."));
}

function chart(world, data) {
  const node = element("div", { class: "plot" });
  const draw = () => {
    const width = Math.floor(node.clientWidth);
    if (width <= 0) return;
    const height = 170;
    const right = 16;
    const svg = sheet(width, height, "Fear, trust and belief of this person by hour");
    const dates = data.hours.map((hour) => world.dateOf(hour));
    if (dates.length < 2) return;
    const x = timeScale(dates, 44, width - right);
    const y = shareScale(10, height - 34);
    drawShares(svg, y, 44, width - right, [0, 0.5, 1]);
    drawDates(svg, x, height - 34);
    const gone = data.statuses.findIndex((status) => status >= 2 && status <= 8);
    const shown = gone < 0 ? dates.length : gone + 1;
    for (const [name, , tone] of LINES) {
      const values = data.lines[name].slice(0, shown).map((value) => value ?? NaN);
      svg.append("path").attr("class", `middle ${tone}`).attr("d", linePath(dates, values, x, y));
    }
    node.replaceChildren(svg.node());
  };
  new ResizeObserver(() => requestAnimationFrame(draw)).observe(node);
  const legend = LINES.map(([, words, tone]) => element("span", { class: tone }, element("i", { "aria-hidden": "true" }), words));
  return element("div", {}, node, element("p", { class: "legend" }, ...legend));
}
