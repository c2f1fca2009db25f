// Falls recognised against false alarms, a line a reading.

import { scaleLinear } from "d3-scale";
import { line } from "d3-shape";
import { drawValues } from "./curve.js";
import { drawShares, shareScale, sheet } from "./frame.js";

const MOST = 460;
const TONES = ["collapse", "held", "fragmented", "withdrawal"];

export function roc({ title, data }, width) {
  const wide = Math.min(MOST, width - 12);
  const high = Math.min(MOST, wide) - 60;
  const svg = sheet(width, high + 66, `${title}: ${data.lines.map((each) => each.title).join(", ")}`);
  const x = scaleLinear().domain([0, 1]).range([54, wide]);
  const y = shareScale(14, high);
  drawShares(svg, y, 46, wide);
  drawValues(svg, x, high + 6, "share of false alarms");
  svg.append("path").attr("class", "happening").attr("d", `M${x(0)},${y(0)}L${x(1)},${y(1)}`);
  data.lines.forEach((each, k) => {
    svg.append("path").attr("class", `middle ${TONES[k]} dash${k}`).attr("d", line((d) => x(d[0]), (d) => y(d[1]))(each.points));
    const row = y(0) - 12 - 19 * (data.lines.length - 1 - k);
    svg.append("path").attr("class", `middle ${TONES[k]} dash${k}`).attr("d", `M${wide - 150},${row}h24`);
    svg.append("text").attr("class", "row-note halo").attr("x", wide - 120).attr("y", row + 4).text(each.title.replaceAll("_", " "));
  });
  return svg.node();
}
