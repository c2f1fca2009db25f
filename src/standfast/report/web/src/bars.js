// Shares with their ranges: who left, how, and why.

import { scaleLinear } from "d3-scale";
import { sheet } from "./frame.js";
import { percent } from "./words.js";

const ROW = 34;

/** Bars, the largest first, with the range of nine runs in ten as a whisker. */
export function bars(rows, width, label) {
  const known = rows.filter((row) => row.median !== null && row.median !== undefined);
  known.sort((a, b) => b.median - a.median);
  const narrow = width < 560;
  const row = narrow ? 50 : ROW;
  const left = narrow ? 0 : Math.min(270, width * 0.32);
  const most = Math.max(0.01, ...known.map((each) => each.q95));
  const x = scaleLinear().domain([0, most]).range([left, Math.min(width - 70, left + 560)]);
  const svg = sheet(width, known.length * row + 4, label);
  known.forEach((each, i) => {
    const middle = i * row + (narrow ? 34 : row / 2);
    svg.append("text").attr("class", "row-name").attr("x", narrow ? 0 : left - 14).attr("y", narrow ? middle - 14 : middle + 5)
      .attr("text-anchor", narrow ? "start" : "end").text(each.title);
    svg.append("rect").attr("class", "bar").attr("x", left).attr("y", middle - 8)
      .attr("width", Math.max(1, x(each.median) - left)).attr("height", 16).attr("rx", 1.5);
    if (each.q95 - each.q05 > most / 200) {
      svg.append("path").attr("class", "whisker").attr("d", `M${x(each.q05)},${middle}H${x(each.q95)}m0,-4v8M${x(each.q05)},${middle - 4}v8`);
    }
    svg.append("text").attr("class", "row-value").attr("x", x(Math.max(each.q95, each.median)) + 9).attr("y", middle + 5).text(percent(each.median));
  });
  return svg.node();
}

/** Dots with ranges, by branch and home. */
export function dots(rows, words, width) {
  const narrow = width < 620;
  const branches = [...new Set(rows.map((row) => row.branch))];
  const left = narrow ? 0 : Math.min(400, width * 0.42);
  const x = scaleLinear().domain([0, Math.max(1, ...rows.map((row) => row.q95))]).range([left + 8, width - 64]);
  const gap = 40;
  const row = narrow ? 50 : 32;
  const height = branches.length * gap + rows.length * row + 26;
  const svg = sheet(width, height, "Share that left, by branch and home; the numbers are in the table below");
  for (const share of [0, 0.25, 0.5, 0.75, 1]) {
    svg.append("path").attr("class", "grid").attr("d", `M${x(share)},${18}V${height - 26}`);
    svg.append("text").attr("class", "tick").attr("x", x(share)).attr("y", height - 8).attr("text-anchor", "middle").text(`${100 * share} %`);
  }
  let down = 0;
  for (const branch of branches) {
    svg.append("text").attr("class", "panel-title").attr("x", 0).attr("y", down + 26).text(words.branch[branch]);
    down += gap;
    for (const each of rows.filter((one) => one.branch === branch)) {
      const middle = down + (narrow ? 32 : row / 2);
      svg.append("text").attr("class", "row-note").attr("x", narrow ? 0 : 14).attr("y", narrow ? middle - 14 : middle + 4.5).text(words.home[each.home]);
      drawDot(svg, each, x, middle);
      down += row;
    }
  }
  return svg.node();
}

function drawDot(svg, each, x, middle) {
  if (each.median === null) return;
  const part = svg.append("g");
  part.append("path").attr("class", "range-line").attr("d", `M${x(each.q05)},${middle}H${x(each.q95)}`);
  part.append("circle").attr("class", "range-dot").attr("cx", x(each.median)).attr("cy", middle).attr("r", 6.5);
  part.append("text").attr("class", "row-value").attr("x", x(each.q95) + 12).attr("y", middle + 5).text(percent(each.median));
}
