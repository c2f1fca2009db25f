// Trust, fear and wavering by hour: the chosen place among all others.

import { bandPath, drawDates, drawShares, linePath, shareScale, sheet, timeScale } from "./frame.js";

const PANELS = [["trust", "Trust in command"], ["fear", "Fear"], ["wavering", "Share who waver"]];

export function readings(index, data, width) {
  const across = width < 620 ? 1 : 3;
  const space = 34;
  const wide = (width - space * (across - 1)) / across;
  const high = across === 1 ? 190 : 230;
  const svg = sheet(width, (3 / across) * high, `Trust, fear and wavering by hour at ${data.places[index].title}; the numbers are in the table below`);
  PANELS.forEach(([name, title], k) => {
    const panel = svg.append("g").attr("transform", `translate(${(k % across) * (wide + space)},${Math.floor(k / across) * high})`);
    drawPanel(panel, name, title, index, data, wide, high);
  });
  return svg.node();
}

function drawPanel(panel, name, title, index, data, width, height) {
  const left = 44;
  const x = timeScale(data.dates, left, width);
  const y = shareScale(34, height - 34);
  panel.append("text").attr("class", "panel-title").attr("x", 0).attr("y", 14).text(title);
  drawShares(panel, y, left, width, [0, 0.5, 1]);
  data.places.forEach((place, p) => {
    if (p === index) return;
    for (const group of place.groups) {
      panel.append("path").attr("class", "other").attr("d", linePath(data.dates, group.readings[name][1], x, y));
    }
  });
  const { groups, title: place } = data.places[index];
  for (const group of groups) {
    const [low, , upper] = group.readings[name];
    panel.append("path").attr("class", `band ${group.tone}`).attr("d", bandPath(data.dates, low, upper, x, y));
  }
  for (const group of groups) {
    panel.append("path").attr("class", `middle ${group.tone}`).attr("d", linePath(data.dates, group.readings[name][1], x, y));
  }
  drawDates(panel, x, height - 34, { every: 92 });
  const largest = groups.reduce((most, group) => (group.members.length > most.members.length ? group : most), groups[0]);
  nameLine(panel, largest.readings[name][1], place, largest.tone, data, x, y);
}

/** Write the place beside its line, where the line is furthest from the edges. */
function nameLine(panel, middle, title, tone, data, x, y) {
  const known = [...middle.keys()].filter((i) => Number.isFinite(middle[i]));
  if (known.length === 0) return;
  const at = known.reduce((best, i) => (middle[i] > middle[best] ? i : best), known[0]);
  const [left, right] = x.range();
  const across = x(data.dates[at]);
  const end = across > (left + right) / 2;
  panel.append("text").attr("class", `end ${tone}`).attr("x", Math.min(right, Math.max(left + 4, across + (end ? -8 : 8))))
    .attr("y", Math.max(30, y(middle[at]) - 9)).attr("text-anchor", end ? "end" : "start").text(title);
}
