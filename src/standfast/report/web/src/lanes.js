// What was said and not answered: one lane a kind of signal, by hour, at the chosen place.

import { scaleSqrt } from "d3-scale";
import { drawDates, sheet, timeScale } from "./frame.js";

const HIGH = 34;

export function lanes(index, data, width) {
  const { step, lanes: all, places, runs } = data.signals;
  const here = places[index];
  const known = all.filter((lane) => here[lane.name]);
  const narrow = width < 620;
  const left = narrow ? 4 : 222;
  const right = narrow ? 58 : 92;
  const row = narrow ? HIGH + 18 : HIGH;
  const top = 10;
  const floor = top + Math.max(1, known.length) * row;
  const title = data.places[index].title;
  const svg = sheet(width, floor + 30, `What was said and not answered at ${title}, by hour; the numbers are in the table below`);
  const x = timeScale(data.dates, left, width - right);
  if (known.length === 0) {
    svg.append("text").attr("class", "row-note").attr("x", left).attr("y", top + 20).text(`Nothing was said at ${title}.`);
  }
  known.forEach((lane, k) => drawLane(svg, lane, here[lane.name], {
    x, step, data, narrow, runs, top: top + k * row, base: top + (k + 1) * row - 6, left, right: width - right, from: narrow ? 18 : 4,
  }));
  drawMarks(svg, index, data, x, top, floor);
  drawDates(svg, x, floor + 4);
  return svg.node();
}

function drawLane(svg, lane, bins, at) {
  const most = Math.max(...bins.map(([, number]) => number));
  const high = scaleSqrt().domain([0, most]).range([0, at.base - at.top - at.from]);
  const wide = Math.max(2, at.x(at.data.dateOf(at.step)) - at.x(at.data.dates[0]) - 0.6);
  svg.append("text").attr("class", "row-note lane-name").attr("x", at.narrow ? at.left : at.left - 14)
    .attr("y", at.narrow ? at.top + 13 : at.base - 6).attr("text-anchor", at.narrow ? "start" : "end").text(lane.title);
  svg.append("path").attr("class", "grid").attr("d", `M${at.left},${at.base + 0.5}H${at.right}`);
  for (const [bin, number] of bins) {
    const tall = Math.max(1.5, high(number));
    svg.append("rect").attr("class", `signal ${lane.tone}`).attr("x", at.x(at.data.dateOf(bin * at.step)))
      .attr("y", at.base - tall).attr("width", wide).attr("height", tall);
  }
  const total = bins.reduce((sum, [, number]) => sum + number, 0);
  svg.append("text").attr("class", "row-value").attr("x", at.right + 10).attr("y", at.base - 4).text(times(total));
}

/** A mean over runs: whole numbers once it is large enough. */
export function times(number) {
  const text = number < 9.95 ? number.toFixed(1).replace(/\.0$/, "") : Math.round(number).toLocaleString("en").replaceAll(",", "\u202f");
  return text === "0" ? "0.0" : text;
}

function drawMarks(svg, index, data, x, top, floor) {
  for (const event of data.events.filter((one) => one.places.includes(index))) {
    const at = x(data.dateOf(event.hour));
    svg.append("path").attr("class", "happening").attr("d", `M${at},${top - 4}V${floor}`).append("title").text(event.title);
  }
}
