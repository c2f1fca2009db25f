// Strength of one garrison by hour: every run, the groups they fall into, and what happened when.

import { bandPath, drawDates, drawShares, linePath, shareScale, sheet, sparePath, timeScale } from "./frame.js";
import { indexOf, tone } from "./payload.js";
import { moment, percent, runs } from "./words.js";

/** Draw the lines of a place into a group: runs, bands, and the middle of each group. */
export function drawStrength(svg, place, data, x, y, { inner = true } = {}) {
  const plot = svg.append("g").attr("class", data.replicates > 40 ? "many-runs" : null);
  for (const group of place.groups) {
    const part = plot.append("g").attr("class", group.tone);
    const [low, lower, , upper, high] = group.quantiles;
    if (group.members.length > 2) {
      part.append("path").attr("class", "band").attr("d", bandPath(data.dates, low, high, x, y));
      if (inner) part.append("path").attr("class", "band").attr("d", bandPath(data.dates, lower, upper, x, y));
    }
    if (data.replicates > 1) {
      for (const member of group.members) {
        const line = place.runs[member];
        const own = tone(line[line.length - 1], data.bounds);
        part.append("path").attr("class", `run ${own}`).attr("d", sparePath(data.dates, line, x, y));
      }
    }
  }
  for (const group of place.groups) {
    plot.append("path").attr("class", `middle ${group.tone}`).attr("d", linePath(data.dates, group.quantiles[2], x, y));
  }
}

function describe(place, data) {
  const ends = place.groups.map((group) => `${runs(group.members.length, data.replicates)} end with ${percent(group.end)}`);
  return `${place.title}, share of the garrison still serving by hour: ${ends.join("; ")} serving.`;
}

/** The large timeline. */
export function timeline(index, data, width) {
  const place = data.places[index];
  const narrow = width < 560;
  const events = placeEvents(index, data);
  const room = { left: 46, right: narrow ? 86 : 132, bottom: 62 };
  const x = timeScale(data.dates, room.left, width - room.right);
  const rows = stack(events.here.map((event) => x(data.dateOf(event.hour))), 23);
  const top = 14 + 22 * Math.max(1, ...rows.map((row) => row + 1)) + 6;
  const height = top + (narrow ? 240 : 320) + room.bottom;
  const floor = height - room.bottom;
  const y = shareScale(top, floor);
  const svg = sheet(width, height, describe(place, data));
  drawShares(svg, y, room.left, width - room.right);
  drawDates(svg, x, floor + 14);
  drawEvents(svg, events, rows, data, x, top, floor);
  drawStrength(svg, place, data, x, y);
  drawEnds(svg, place, data, y, width - room.right + 9, floor, narrow);
  drawLosses(svg, place, data, x, floor);
  followPointer(svg, place, data, x, y, top, floor, width - room.right);
  return svg.node();
}

function placeEvents(index, data) {
  const here = data.events.filter((event) => event.places.includes(index));
  return { here, elsewhere: data.events.filter((event) => !here.includes(event)) };
}

/** Rows for markers, so that none covers its neighbour. */
function stack(positions, space) {
  const ends = [];
  return positions.map((at) => {
    let row = ends.findIndex((end) => at - end >= space);
    if (row < 0) row = ends.length;
    ends[row] = at;
    return row;
  });
}

function drawEvents(svg, events, rows, data, x, top, floor) {
  for (const event of events.elsewhere) {
    const at = x(data.dateOf(event.hour));
    svg.append("path").attr("class", "happening elsewhere").attr("d", `M${at},${top - 8}v8`);
  }
  events.here.forEach((event, i) => {
    const at = x(data.dateOf(event.hour));
    const up = top - 16 - 22 * rows[i];
    svg.append("path").attr("class", "happening").attr("d", `M${at},${up + 9}V${floor}`);
    svg.append("circle").attr("class", "number here").attr("cx", at).attr("cy", up).attr("r", 9.5)
      .append("title").text(`${moment(data.dateOf(event.hour))}: ${event.title}`);
    svg.append("text").attr("class", "number-text here").attr("x", at).attr("y", up + 4).text(event.n);
  });
}

function drawEnds(svg, place, data, y, left, floor, narrow) {
  const labels = place.groups.map((group) => ({ group, at: Math.min(y(group.end), floor - 14) }));
  // two groups that end close together still need two lines each
  if (labels.length === 2 && labels[1].at - labels[0].at < 40) labels[0].at = labels[1].at - 40;
  for (const { group, at } of labels) {
    svg.append("text").attr("class", `end ${group.tone}`).attr("x", left).attr("y", at + 2)
      .text(narrow ? percent(group.end) : `${percent(group.end)} serve`);
    svg.append("text").attr("class", "end-note").attr("x", left).attr("y", at + 19)
      .text(narrow ? `${group.members.length} of ${data.replicates}` : runs(group.members.length, data.replicates));
  }
}

function drawLosses(svg, place, data, x, floor) {
  const lost = place.lost.filter((hour) => hour !== null);
  for (const hour of lost) {
    svg.append("path").attr("class", "rug").attr("d", `M${x(data.dateOf(hour))},${floor + 2}v9`);
  }
  if (lost.length === 0) return;
  const last = x(data.dateOf(Math.max(...lost)));
  const [left, right] = x.range();
  const before = last > (left + right) / 2;
  svg.append("text").attr("class", "rug-text").attr("y", floor + 50)
    .attr("x", before ? x(data.dateOf(Math.min(...lost))) : last).attr("text-anchor", before ? "end" : "middle")
    .text(`lost in ${runs(lost.length, data.replicates)}`);
}

/** A hair line and the shares at it, by pointer or by arrow keys. */
function followPointer(svg, place, data, x, y, top, floor, right) {
  const cursor = svg.append("g").attr("class", "hidden").attr("aria-hidden", "true");
  cursor.append("path").attr("class", "cursor").attr("d", `M0,${top}V${floor}`);
  const back = cursor.append("rect").attr("class", "readout");
  const text = cursor.append("text").attr("class", "readout-text");
  let at = 0;
  const show = (i) => {
    at = Math.max(0, Math.min(data.hours.length - 1, i));
    const across = x(data.dates[at]);
    const shares = place.groups.map((group) => percent(group.quantiles[2][at])).join(" or ");
    const says = `${moment(data.dates[at])}: ${shares}`;
    const end = across > right - 190;
    cursor.attr("class", null).attr("transform", `translate(${across},0)`);
    text.attr("x", end ? -10 : 10).attr("y", floor - 12).attr("text-anchor", end ? "end" : "start").text(says);
    const length = 7.1 * says.length + 12;
    back.attr("x", end ? -length - 4 : 4).attr("y", floor - 28).attr("width", length).attr("height", 23).attr("rx", 3);
  };
  svg.attr("tabindex", 0);
  svg.on("pointermove", (event) => {
    const box = svg.node().getBoundingClientRect();
    const across = ((event.clientX - box.left) / box.width) * svg.node().viewBox.baseVal.width;
    show(indexOf(data.hours, (x.invert(across) - data.dates[0]) / 3600e3));
  });
  svg.on("pointerleave blur", () => cursor.attr("class", "hidden"));
  svg.on("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -24, PageDown: 24 }[event.key];
    if (!step) return;
    event.preventDefault();
    show(at + step);
  });
}

/** The small timeline of one garrison. */
export function smallTimeline(place, data, width, height) {
  const svg = sheet(width, height + 8, describe(place, data)).attr("class", "still");
  const x = timeScale(data.dates, 0, width);
  const y = shareScale(4, height);
  svg.append("path").attr("class", "axis").attr("d", `M0,${height + 0.5}H${width}`);
  drawStrength(svg, place, data, x, y, { inner: false });
  const lost = place.lost.filter((hour) => hour !== null).sort((a, b) => a - b);
  if (2 * lost.length > data.replicates) {
    const at = x(data.dateOf(lost[lost.length >> 1]));
    svg.append("path").attr("class", "rug").attr("d", `M${at},${height - 1}v7`);
  }
  return svg.node();
}
