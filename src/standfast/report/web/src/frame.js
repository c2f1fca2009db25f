// What all charts share: a drawing that follows the width of its place, axes, and paths.
//
// Only D3's own parts are used. Observable Plot writes a style element into each chart, which a
// policy that allows one style by its hash refuses. Colours are classes, never inline styles.

import { create } from "d3-selection";
import { scaleLinear, scaleUtc } from "d3-scale";
import { area, line } from "d3-shape";
import { utcFormat } from "d3-time-format";

const PAPER_WIDTH = 690;

/** Draw into a node at its width, now, whenever the width changes, and for paper. */
export function mount(node, draw) {
  let drawn = 0;
  const redraw = (width) => {
    drawn = width;
    node.replaceChildren(draw(width));
  };
  const follow = () => {
    const width = Math.floor(node.clientWidth);
    if (width > 0 && Math.abs(width - drawn) > 1) redraw(width);
  };
  // drawing changes the height of the page, so it waits for the next frame
  new ResizeObserver(() => requestAnimationFrame(follow)).observe(node);
  addEventListener("beforeprint", () => node.clientWidth > 0 && redraw(Math.min(PAPER_WIDTH, drawn || PAPER_WIDTH)));
  addEventListener("afterprint", follow);
  follow();
  return { redraw: () => drawn > 0 && redraw(drawn) };
}

/** A new drawing; everything in it is hidden from screen readers, the label speaks for it. */
export function sheet(width, height, label) {
  return create("svg:svg")
    .attr("viewBox", `0 0 ${width} ${height}`)
    .attr("width", width)
    .attr("height", height)
    .attr("role", "img")
    .attr("aria-label", label);
}

export function timeScale(dates, left, right) {
  return scaleUtc().domain([dates[0], dates[dates.length - 1]]).range([left, right]);
}

export function shareScale(top, bottom, most = 1) {
  return scaleLinear().domain([0, most]).range([bottom, top]);
}

const MONTH = utcFormat("%b %Y");
const DAY = utcFormat("%-d %b");
const HOUR = utcFormat("%H:%M");

/** Draw dates under a chart, no denser than they can be read. */
export function drawDates(svg, x, y, { every = 84 } = {}) {
  const [left, right] = x.range();
  const [first, last] = x.domain();
  const ticks = x.ticks(Math.max(2, Math.floor((right - left) / every)));
  const days = (last - first) / 864e5;
  const write = days > 100 ? MONTH : days > 1.6 ? DAY : HOUR;
  svg.append("path").attr("class", "axis").attr("d", `M${left},${y}H${right}`);
  const seen = new Set();
  for (const tick of ticks) {
    const text = write(tick);
    if (seen.has(text)) continue;
    seen.add(text);
    const at = x(tick);
    svg.append("path").attr("class", "axis").attr("d", `M${at},${y}v5`);
    const anchor = at < left + 14 ? "start" : at > right - 14 ? "end" : "middle";
    svg.append("text").attr("class", "day").attr("x", at).attr("y", y + 19).attr("text-anchor", anchor).text(text);
  }
}

/** Draw shares along the left edge, with hair lines across. */
export function drawShares(svg, y, left, right, shares = [0, 0.25, 0.5, 0.75, 1]) {
  for (const share of shares) {
    const at = Math.round(y(share)) + 0.5;
    if (share > 0) svg.append("path").attr("class", "grid").attr("d", `M${left},${at}H${right}`);
    svg.append("text").attr("class", "tick").attr("x", left - 8).attr("y", at + 4.5).attr("text-anchor", "end")
      .text(share === shares.at(-1) ? `${100 * share} %` : 100 * share);
  }
}

export function linePath(dates, values, x, y) {
  return line((_, i) => x(dates[i]), (value) => y(value)).defined(Number.isFinite)(values);
}

export function bandPath(dates, low, high, x, y) {
  return area()
    .x((_, i) => x(dates[i]))
    .y0((_, i) => y(low[i]))
    .y1((_, i) => y(high[i]))
    .defined((_, i) => Number.isFinite(low[i]) && Number.isFinite(high[i]))(low);
}

/** A path through only the points where a line turns: most hours of most runs say nothing new. */
export function sparePath(dates, values, x, y) {
  let path = "";
  let previous = null;
  for (let i = 0; i < values.length; i++) {
    const turns = i === 0 || i === values.length - 1
      || values[i] !== values[i - 1] || values[i] !== values[i + 1];
    if (!turns || !Number.isFinite(values[i])) continue;
    const point = `${x(dates[i]).toFixed(1)},${y(values[i]).toFixed(1)}`;
    if (point !== previous) path += `${path ? "L" : "M"}${point}`;
    previous = point;
  }
  return path;
}
