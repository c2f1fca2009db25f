// Values with their intervals, one below the other, about zero where they are changes.

import { scaleLinear } from "d3-scale";
import { sheet } from "./frame.js";
import { percent } from "./words.js";

export const WRITE = {
  points: (value) => (Math.abs(value) < 0.0005 ? "0" : `${value > 0 ? "+" : "−"}${(100 * Math.abs(value)).toFixed(Math.abs(value) < 0.0995 ? 1 : 0)}`),
  share: percent,
  plain: (value) => (Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(3))).toLocaleString("en").replaceAll(",", "\u202f").replace("-", "−"),
};

export function ranges({ title, data }, width) {
  const { rows, unit } = data;
  const narrow = width < 560;
  const row = narrow ? 48 : 30;
  const left = narrow ? 0 : Math.min(300, width * 0.36);
  const values = rows.flatMap((each) => [each.value, each.low ?? each.value, each.high ?? each.value]);
  const x = scaleLinear().domain([Math.min(0, ...values), Math.max(0, ...values, 1e-9)]).range([left + 14, Math.min(width - 78, left + 620)]);
  const svg = sheet(width, rows.length * row + 8, `${title}; the numbers are in the table below`);
  svg.append("path").attr("class", "zero").attr("d", `M${x(0)},0V${rows.length * row + 4}`);
  rows.forEach((each, i) => {
    const middle = i * row + (narrow ? 34 : row / 2);
    svg.append("text").attr("class", narrow ? "row-note" : "row-name").attr("x", narrow ? 0 : left).attr("y", narrow ? middle - 15 : middle + 5)
      .attr("text-anchor", narrow ? "start" : "end").text(clip(each.title, narrow ? width : left));
    const known = each.low !== null && each.high !== null;
    const sure = known && (each.low > 0 || each.high < 0);
    if (known) svg.append("path").attr("class", "range-line").attr("d", `M${x(each.low)},${middle}H${x(each.high)}`);
    else svg.append("path").attr("class", "range-line").attr("d", `M${x(0)},${middle}H${x(each.value)}`);
    svg.append("circle").attr("class", `range-dot ${sure || !known ? "" : "unsure"}`).attr("cx", x(each.value)).attr("cy", middle).attr("r", 5.5);
    svg.append("text").attr("class", "row-value halo").attr("x", x(Math.max(each.value, each.high ?? each.value)) + 11).attr("y", middle + 5).text(WRITE[unit](each.value));
  });
  return svg.node();
}

/** A text no longer than there is room for [px]. */
export function clip(text, room) {
  const most = Math.floor(room / 7);
  return text.length <= most ? text : `${text.slice(0, Math.max(1, most - 1))}…`;
}
