// Cost and risk of sets of measures, with the front beyond which nothing is both cheaper and safer.

import { scaleLinear } from "d3-scale";
import { line } from "d3-shape";
import { drawValues } from "./curve.js";
import { drawShares, shareScale, sheet } from "./frame.js";
import { percent } from "./words.js";

const HIGH = 340;

export function front({ title, data }, width) {
  const svg = sheet(width, HIGH + 20, `${title}; the numbers are in the table below`);
  const costs = data.dots.map((dot) => dot.cost);
  const x = scaleLinear().domain([0, Math.max(1e-9, ...costs) * 1.04]).range([54, width - 18]);
  const y = shareScale(14, HIGH - 34);
  drawShares(svg, y, 46, width - 18);
  drawValues(svg, x, HIGH - 26, "cost");
  svg.append("path").attr("class", "happening").attr("d", `M54,${y(data.bound)}H${width - 18}`);
  const best = data.dots.filter((dot) => dot.front).sort((a, b) => a.cost - b.cost);
  svg.append("path").attr("class", "middle plain").attr("d", line((dot) => x(dot.cost), (dot) => y(dot.risk[0]))(best));
  for (const dot of data.dots) {
    const [risk, low, high] = dot.risk;
    const part = svg.append("g");
    part.append("path").attr("class", "range-line thin").attr("d", `M${x(dot.cost)},${y(low)}V${y(high)}`);
    part.append("circle").attr("class", `range-dot ${dot.front ? "" : "unsure"}`).attr("cx", x(dot.cost)).attr("cy", y(risk)).attr("r", dot.front ? 5.5 : 4);
    part.append("title").text(`${dot.title}: ${percent(risk)} at a cost of ${dot.cost}`);
  }
  let free = -Infinity;
  for (const dot of best) {
    const across = x(dot.cost);
    if (across < free) continue;
    const end = across > width - 180;
    svg.append("text").attr("class", "row-note halo").attr("x", across + (end ? -9 : 9)).attr("y", y(dot.risk[0]) - 8).attr("text-anchor", end ? "end" : "start").text(dot.title);
    free = across + 7 * dot.title.length;
  }
  return svg.node();
}
