// A probability by a value: runs as dots, what is believed as a line, where it crosses as a band.

import { scaleLinear, scaleSqrt } from "d3-scale";
import { line } from "d3-shape";
import { drawShares, shareScale, sheet } from "./frame.js";
import { WRITE } from "./ranges.js";

const HIGH = 320;

export function curve({ title, data }, width) {
  const svg = sheet(width, HIGH + 20, `${title}; the numbers are in the table below`);
  const [left, right] = [46, width - 18];
  const x = scaleLinear().domain(data.range).range([left + 8, right]);
  const y = shareScale(14, HIGH - 34);
  drawShares(svg, y, left, right);
  drawValues(svg, x, HIGH - 26, data.axis);
  if (data.crossing) drawCrossing(svg, data, x, y);
  if (data.twin !== null) svg.append("path").attr("class", "twin").attr("d", `M${x(data.twin)},${y(1)}V${y(0)}`).append("title").text("The mean-field twin");
  if (data.line.length > 1) svg.append("path").attr("class", "middle plain").attr("d", line((d) => x(d[0]), (d) => y(d[1]))(data.line));
  const size = scaleSqrt().domain([0, Math.max(...data.dots.map((dot) => dot[2]))]).range([0, 9]);
  for (const [value, share, runs, low, high] of data.dots) {
    if (low !== undefined && low !== null) svg.append("path").attr("class", "whisker").attr("d", `M${x(value)},${y(low)}V${y(high)}`);
    svg.append("circle").attr("class", "range-dot seen").attr("cx", x(value)).attr("cy", y(share)).attr("r", Math.max(2.5, size(runs)))
      .append("title").text(`${WRITE.plain(value)}: ${WRITE.share(share)} of ${runs} runs`);
  }
  return svg.node();
}

function drawCrossing(svg, { crossing: [value, low, high], level }, x, y) {
  const [first, last] = x.range();
  const from = Math.max(first, x(low));
  svg.append("rect").attr("class", "crossing").attr("x", from).attr("y", y(1)).attr("width", Math.max(1, Math.min(last, x(high)) - from)).attr("height", y(0) - y(1));
  svg.append("path").attr("class", "cursor").attr("d", `M${x(value)},${y(1)}V${y(0)}`);
  svg.append("path").attr("class", "happening").attr("d", `M${first},${y(level)}H${last}`);
  const end = x(value) > (first + last) / 2;
  svg.append("text").attr("class", "row-value halo").attr("x", x(value) + (end ? -8 : 8)).attr("y", y(1) + 14).attr("text-anchor", end ? "end" : "start").text(WRITE.plain(value));
}

/** Values along the bottom, with what they are. */
export function drawValues(svg, x, y, name) {
  const [left, right] = x.range();
  svg.append("path").attr("class", "axis").attr("d", `M${left},${y}H${right}`);
  for (const tick of x.ticks(Math.max(2, Math.floor((right - left) / 90)))) {
    svg.append("path").attr("class", "axis").attr("d", `M${x(tick)},${y}v5`);
    svg.append("text").attr("class", "day").attr("x", x(tick)).attr("y", y + 19).attr("text-anchor", "middle").text(WRITE.plain(tick));
  }
  svg.append("text").attr("class", "row-note").attr("x", (left + right) / 2).attr("y", y + 38).attr("text-anchor", "middle").text(name);
}

/** Lines over a value, named at their ends: there and back. */
export function lines({ title, data }, width) {
  const svg = sheet(width, HIGH + 20, `${title}; the numbers are in the table below`);
  const values = data.lines[0].points.map(([value]) => value);
  const x = scaleLinear().domain([Math.min(...values), Math.max(...values)]).range([54, width - 90]);
  const y = shareScale(14, HIGH - 34);
  drawShares(svg, y, 46, width - 90);
  drawValues(svg, x, HIGH - 26, data.axis);
  const ends = data.lines.map((each) => y(each.points.at(-1)[1]));
  const apart = Math.abs(ends[0] - (ends[1] ?? -99)) < 18;
  data.lines.forEach((each, k) => {
    svg.append("path").attr("class", `middle ${k ? "collapse" : "held"}`).attr("d", line((d) => x(d[0]), (d) => y(d[1]))(each.points));
    for (const [value, share] of each.points) svg.append("circle").attr("class", `spot ${k ? "collapse" : "held"}`).attr("cx", x(value)).attr("cy", y(share)).attr("r", 3);
    svg.append("text").attr("class", `end ${k ? "collapse" : "held"}`).attr("x", width - 82).attr("y", ends[k] + 5 + (apart ? (k ? 10 : -9) : 0)).text(each.title);
  });
  return svg.node();
}
