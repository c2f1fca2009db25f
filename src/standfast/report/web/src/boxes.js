// Boxes: how often a verdict comes inside and outside, and the edges of each within what was tried.

import { scaleLinear } from "d3-scale";
import { sheet } from "./frame.js";
import { WRITE, clip } from "./ranges.js";

const [HEAD, ROW, GAP, BAR] = [30, 30, 26, 12];
const MOST = 620;

export function boxes({ title, data }, width) {
  const narrow = width < 560;
  const row = narrow ? 48 : ROW;
  const left = narrow ? 0 : Math.min(260, width * 0.34);
  const right = Math.min(width - 108, left + MOST);
  const highs = data.boxes.map((box) => HEAD + (2 + box.limits.length) * row + GAP);
  const svg = sheet(width, highs.reduce((sum, high) => sum + high, 0) - GAP + 4, `${title}; the numbers are in the table below`);
  const place = { svg, narrow, row, left, right, width };
  let top = 0;
  data.boxes.forEach((box, k) => {
    drawBox(place, box, top);
    top += highs[k];
  });
  return svg.node();
}

function drawBox(place, box, top) {
  const { svg, row, left, right } = place;
  const says = `covers ${WRITE.share(box.coverage)}, ${WRITE.share(box.mass)} of the points`;
  const head = svg.append("text").attr("class", "row-name").attr("x", 0).attr("y", top + 16);
  head.append("tspan").attr("class", "box-name").text(box.title);
  head.append("tspan").attr("class", "row-note").attr("dx", 10).text(says);
  const share = scaleLinear().domain([0, 1]).range([left + 14, right]);
  [["Inside", box.inside, "box-inside"], ["Outside", box.outside, "box-outside"]].forEach(([name, value, tone], i) => {
    const middle = named(place, name, top + HEAD + i * row);
    svg.append("path").attr("class", "tried").attr("d", `M${share(0)},${middle}H${share(1)}`);
    if (value === null) return;
    svg.append("rect").attr("class", tone).attr("x", share(0)).attr("y", middle - BAR / 2).attr("width", Math.max(1, share(value) - share(0))).attr("height", BAR);
    svg.append("text").attr("class", "row-value").attr("x", right + 11).attr("y", middle + 5).text(WRITE.share(value));
  });
  box.limits.forEach((limit, i) => drawLimit(place, limit, top + HEAD + (2 + i) * row));
}

function drawLimit(place, limit, top) {
  const { svg, left, right, width } = place;
  const middle = named(place, limit.title, top);
  svg.append("text").attr("class", "row-note").attr("x", right + 11).attr("y", middle + 5).text(clip(limit.says, width - right - 4));
  if (!limit.range) return;
  const x = scaleLinear().domain(limit.range).range([left + 14, right]).clamp(true);
  const [low, high] = limit.ends.map((end, k) => x(end ?? limit.range[k]));
  svg.append("path").attr("class", "tried").attr("d", `M${x.range()[0]},${middle}H${right}`);
  svg.append("path").attr("class", "box-edge").attr("d", `M${low},${middle}H${high}`);
  limit.ends.forEach((end, k) => {
    if (end === null) return;
    const [from, to] = limit.spread[k];
    if (from !== null && to !== null) svg.append("path").attr("class", "whisker").attr("d", `M${x(from)},${middle + 9}H${x(to)}`);
    svg.append("path").attr("class", "box-end").attr("d", `M${x(end)},${middle - 9}v18`);
  });
}

/** Write a name beside or above a row, and return the middle of what is drawn there. */
function named({ svg, narrow, row, left, width }, name, top) {
  const middle = top + (narrow ? 34 : row / 2);
  svg.append("text").attr("class", narrow ? "row-note" : "row-name").attr("x", narrow ? 0 : left).attr("y", narrow ? middle - 13 : middle + 5)
    .attr("text-anchor", narrow ? "start" : "end").text(clip(name, narrow ? width : left));
  return middle;
}
