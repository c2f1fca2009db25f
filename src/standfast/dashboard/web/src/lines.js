// Lines of several worlds over one clock, named at their ends, with a hair line at the hour shown.

import { drawDates, drawShares, linePath, shareScale, sheet, timeScale } from "../../../report/web/src/frame.js";
import { element } from "../../../report/web/src/element.js";
import { percent } from "../../../report/web/src/words.js";

const LEAST = 18;

/**
 * Build a chart of shares.
 *
 * @param world gives the dates of the clock; @param rows() returns [{title, values, tone}];
 */
export function lines(world, rows, { label, height = 230, onHour, names = true } = {}) {
  const node = element("div", { class: "plot lines" });
  let at = 0;
  let drawn = null;
  const draw = () => {
    const width = Math.floor(node.clientWidth);
    if (width <= 0) return;
    const given = rows().filter((row) => row.values.length > 0);
    const right = names ? Math.min(width < 520 ? 96 : 190, width * 0.32) : 12;
    const end = world.dateOf(world.ground.horizon);
    const x = timeScale([world.dates[0], end], 44, width - right);
    const y = shareScale(12, height - 34);
    const svg = sheet(width, height, typeof label === "function" ? label() : label);
    drawShares(svg, y, 44, width - right, height < 160 ? [0, 0.5, 1] : undefined);
    drawDates(svg, x, height - 34);
    for (const event of world.events) {
      const here = x(world.dateOf(event.hour));
      svg.append("path").attr("class", "happening elsewhere").attr("d", `M${here},12v${height - 46}`)
        .append("title").text(event.title);
    }
    const ends = [];
    for (const row of given) {
      const dates = row.dates ?? world.dates;
      svg.append("path").attr("class", `middle ${row.tone ?? ""}`).attr("d", linePath(dates, row.values, x, y));
      const last = row.values.findLastIndex(Number.isFinite);
      if (names && last >= 0) ends.push({ row, at: y(row.values[last]), value: row.values[last] });
    }
    spread(ends, 12, height - 34);
    for (const { row, at: down, value } of ends) {
      svg.append("text").attr("class", `end ${row.tone ?? ""}`).attr("x", width - right + 8).attr("y", down + 5)
        .text(short(`${row.title} ${percent(value)}`, right));
    }
    const cursor = svg.append("path").attr("class", "cursor");
    drawn = { svg: svg.node(), x, cursor, height };
    node.replaceChildren(svg.node());
    place();
    if (onHour) svg.on("click", (event) => onHour(hourAt(event, svg.node(), x, world)));
  };
  const place = () => {
    if (!drawn) return;
    const here = drawn.x(world.dateOf(at));
    drawn.cursor.attr("d", `M${here},8V${drawn.height - 30}`);
  };
  new ResizeObserver(() => requestAnimationFrame(draw)).observe(node);
  return {
    node,
    draw,
    get svg() { return drawn?.svg; },
    at(hour) {
      at = hour;
      place();
    },
  };
}

function hourAt(event, svg, x, world) {
  const box = svg.getBoundingClientRect();
  const across = ((event.clientX - box.left) / box.width) * svg.viewBox.baseVal.width;
  return (x.invert(across) - world.dates[0]) / 3600e3;
}

function short(text, room) {
  const most = Math.max(6, Math.floor(room / 7.3));
  if (text.length <= most) return text;
  const value = text.slice(text.lastIndexOf(" "));
  return `${text.slice(0, Math.max(1, most - value.length - 1))}…${value}`;
}

/** Move names apart, so that each can be read. */
function spread(ends, top, bottom) {
  ends.sort((a, b) => a.at - b.at);
  for (let i = 1; i < ends.length; i++) ends[i].at = Math.max(ends[i].at, ends[i - 1].at + LEAST);
  for (let i = ends.length - 1; i >= 0; i--) {
    const most = i === ends.length - 1 ? bottom : ends[i + 1].at - LEAST;
    ends[i].at = Math.max(top, Math.min(ends[i].at, most));
  }
}
