// A posterior: each parameter alone on the diagonal, pairs below it.

import { scaleLinear } from "d3-scale";
import { sheet } from "./frame.js";
import { WRITE } from "./ranges.js";

const MOST = 760;
const BINS = 16;
const GAP = 12;

export function pairs({ title, data }, width) {
  const n = data.names.length;
  const side = Math.min(MOST, width) / n;
  const svg = sheet(width, n * side + 8, `${title} of ${data.names.join(", ")}; the numbers are in the table below`);
  const scales = data.draws.map((draws, k) => {
    const all = [...draws, ...data.priors[k]];
    return scaleLinear().domain([Math.min(...all), Math.max(...all)]);
  });
  for (let row = 0; row < n; row++) {
    for (let column = 0; column <= row; column++) {
      const panel = svg.append("g").attr("transform", `translate(${column * side},${row * side})`);
      if (row === column) drawAlone(panel, row, data, scales[row], side);
      else drawPair(panel, row, column, data, scales, side);
    }
  }
  return svg.node();
}

function drawAlone(panel, k, data, scale, side) {
  const x = scale.copy().range([GAP, side - GAP]);
  const [low, high] = scale.domain();
  const counts = new Array(BINS).fill(0);
  data.draws[k].forEach((value, i) => {
    counts[Math.min(BINS - 1, Math.floor(BINS * (value - low) / (high - low || 1)))] += data.weights[i];
  });
  const most = Math.max(...counts);
  const floor = side - 34;
  counts.forEach((count, bin) => {
    const tall = (count / most) * (floor - 26);
    panel.append("rect").attr("class", "bar").attr("x", x(low + (high - low) * bin / BINS)).attr("y", floor - tall).attr("width", Math.max(1, (side - 2 * GAP) / BINS - 1)).attr("height", tall);
  });
  panel.append("text").attr("class", "row-note name").attr("x", GAP).attr("y", 16).text(clip(data.names[k], side - 2 * GAP));
  panel.append("path").attr("class", "range-line").attr("d", `M${x(data.priors[k][0])},${floor + 7}H${x(data.priors[k][1])}`);
  const [from, middle, to] = data.posteriors[k];
  panel.append("path").attr("class", "middle plain").attr("d", `M${x(from)},${floor + 7}H${x(to)}`);
  panel.append("text").attr("class", "tick").attr("x", x(middle)).attr("y", floor + 26).attr("text-anchor", "middle").text(WRITE.plain(middle));
}

function drawPair(panel, row, column, data, scales, side) {
  const x = scales[column].copy().range([GAP, side - GAP]);
  const y = scales[row].copy().range([side - GAP, GAP]);
  panel.append("rect").attr("class", "frame").attr("x", GAP / 2).attr("y", GAP / 2).attr("width", side - GAP).attr("height", side - GAP);
  data.weights.forEach((weight, i) => {
    panel.append("circle").attr("class", "draw").attr("cx", x(data.draws[column][i])).attr("cy", y(data.draws[row][i])).attr("r", 2.6)
      .attr("fill-opacity", Math.max(0.06, 0.75 * weight));
  });
}

function clip(text, room) {
  const most = Math.floor(room / 7);
  const tail = text.slice(text.lastIndexOf(".") + 1);
  const best = text.length <= most ? text : tail;
  return best.length <= most ? best : `${best.slice(0, Math.max(1, most - 1))}…`;
}
