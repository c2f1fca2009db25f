// Strength by hour, one panel a branch, at the chosen place.

import { bandPath, drawDates, drawShares, linePath, shareScale, sheet, timeScale } from "./frame.js";
import { percent } from "./words.js";

const HIGH = 190;
const SPACE = 34;

export function branches(index, data, width) {
  const place = data.places[index];
  const across = Math.max(1, Math.min(place.branches.length, width < 620 ? 1 : 4));
  const wide = (width - SPACE * (across - 1)) / across;
  const rows = Math.ceil(place.branches.length / across);
  const svg = sheet(width, Math.max(1, rows) * HIGH, `Share still serving by branch and hour at ${place.title}; the numbers are in the tables`);
  place.branches.forEach((branch, k) => {
    const panel = svg.append("g").attr("transform", `translate(${(k % across) * (wide + SPACE)},${Math.floor(k / across) * HIGH})`);
    drawPanel(panel, branch, place, data, Math.min(wide, 420));
  });
  return svg.node();
}

function drawPanel(panel, branch, place, data, width) {
  const left = 44;
  const x = timeScale(data.dates, left, width);
  const y = shareScale(34, HIGH - 34);
  panel.append("text").attr("class", "panel-title").attr("x", 0).attr("y", 14).text(data.words.branch[branch.branch] ?? branch.branch);
  const ends = branch.groups.map((group) => percent(group[1].at(-1))).join(" or ");
  panel.append("text").attr("class", "row-note").attr("x", width).attr("y", 14).attr("text-anchor", "end").text(ends);
  drawShares(panel, y, left, width, [0, 0.5, 1]);
  branch.groups.forEach(([low, , high], g) => {
    panel.append("path").attr("class", `band ${place.groups[g].tone}`).attr("d", bandPath(data.dates, low, high, x, y));
  });
  branch.groups.forEach(([, middle], g) => {
    panel.append("path").attr("class", `middle ${place.groups[g].tone}`).attr("d", linePath(data.dates, middle, x, y));
  });
  drawDates(panel, x, HIGH - 34, { every: 92 });
}
