// A phase diagram: a probability over two values, as tiles of a grid or as dots of a sample.

import { scaleLinear } from "d3-scale";
import { sheet } from "./frame.js";
import { drawValues } from "./curve.js";
import { WRITE } from "./ranges.js";

const STEPS = 10;

export function phase({ title, data }, width) {
  const { axes, cells, grid } = data;
  const values = [0, 1].map((k) => [...new Set(cells.map((cell) => cell[k]))].sort((a, b) => a - b));
  const high = Math.min(440, Math.max(240, width * 0.5));
  const svg = sheet(width, high + 62, `${title} over ${axes[0]} and ${axes[1]}; the numbers are in the table below`);
  const [left, right] = [74, width - 12];
  const half = values.map((list) => (grid && list.length > 1 ? (list.at(-1) - list[0]) / (list.length - 1) / 2 : 0));
  const x = scaleLinear().domain([values[0][0] - half[0], values[0].at(-1) + half[0]]).range([left, right]);
  const y = scaleLinear().domain([values[1][0] - half[1], values[1].at(-1) + half[1]]).range([high, 26]);
  const edges = values.map((list) => [list[0] - (list[1] - list[0]) / 2, ...list.slice(1).map((value, i) => (list[i] + value) / 2), list.at(-1) + (list.at(-1) - list.at(-2)) / 2]);
  for (const [a, b, share] of cells) {
    const tone = `share${share === null ? "-none" : Math.round(STEPS * (1 - share))}`;
    const says = `${axes[0]} ${WRITE.plain(a)}, ${axes[1]} ${WRITE.plain(b)}: ${WRITE.share(share ?? NaN)}`;
    if (!grid) {
      svg.append("circle").attr("class", `cell ${tone}`).attr("cx", x(a)).attr("cy", y(b)).attr("r", 6).append("title").text(says);
      continue;
    }
    const [i, j] = [values[0].indexOf(a), values[1].indexOf(b)];
    const [x0, x1, y0, y1] = [x(edges[0][i]), x(edges[0][i + 1]), y(edges[1][j + 1]), y(edges[1][j])];
    svg.append("rect").attr("class", `cell ${tone}`).attr("x", x0).attr("y", y0).attr("width", Math.max(1, x1 - x0 - 1)).attr("height", Math.max(1, y1 - y0 - 1)).append("title").text(says);
    if (x1 - x0 > 44 && y1 - y0 > 20 && share !== null) {
      svg.append("text").attr("class", "cell-name").attr("x", (x0 + x1) / 2).attr("y", (y0 + y1) / 2 + 4).attr("text-anchor", "middle").text(Math.round(100 * share));
    }
  }
  drawValues(svg, x, high + 6, axes[0]);
  svg.append("text").attr("class", "row-note").attr("x", 0).attr("y", 12).text(axes[1]);
  for (const tick of y.ticks(5)) svg.append("text").attr("class", "tick").attr("x", left - 8).attr("y", y(tick) + 4.5).attr("text-anchor", "end").text(WRITE.plain(tick));
  return svg.node();
}
