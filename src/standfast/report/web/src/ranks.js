// The unit tree of a place as an icicle: forces above, battalions below, as wide as their people.

import { sheet } from "./frame.js";
import { percent } from "./words.js";

const ROWS = [44, 58];
const STEPS = 10;

export function ranks(index, data, width) {
  const forces = data.forces[index];
  const place = data.places[index].title;
  const units = forces.reduce((sum, force) => sum + force.units.length, 0);
  const svg = sheet(width, ROWS[0] + ROWS[1] + 58, `Forces and battalions of ${place} by the share no longer on duty at the end; the numbers are in the table below`);
  const total = forces.reduce((sum, force) => sum + force.people, 0) || 1;
  const said = svg.append("text").attr("class", "row-name").attr("x", 0).attr("y", ROWS[0] + ROWS[1] + 24);
  const cells = [];
  let left = 0;
  for (const force of forces) {
    const wide = (force.people / total) * width;
    cells.push(drawCell(svg, force, left, 0, wide, ROWS[0]));
    if (wide > 70) svg.append("text").attr("class", "cell-name").attr("x", left + 7).attr("y", 20).text(clip(force.title, wide - 12));
    if (wide > 70) svg.append("text").attr("class", "cell-name").attr("x", left + 7).attr("y", 36).text(clip(`${percent(force.gone)} gone`, wide - 12));
    let at = left;
    for (const unit of force.units) {
      const narrow = (unit.people / total) * width;
      cells.push(drawCell(svg, unit, at, ROWS[0], narrow, ROWS[1]));
      at += narrow;
    }
    left += wide;
  }
  drawScale(svg, width, ROWS[0] + ROWS[1] + 40);
  follow(svg, said, cells, `${units} ${units === 1 ? "battalion" : "battalions"}; point at one, or press the arrow keys`);
  return svg.node();
}

const bucket = (gone) => Math.round(STEPS * gone);

function drawCell(svg, unit, left, top, wide, high) {
  const rect = svg.append("rect").attr("class", `cell share${STEPS - bucket(unit.gone)}`).attr("x", left).attr("y", top)
    .attr("width", Math.max(0.5, wide - 1)).attr("height", high - 2);
  return { rect, says: `${unit.title}: ${percent(unit.gone)} of ${unit.people.toLocaleString("en").replaceAll(",", "\u202f")} on duty are gone` };
}

/** Tell what is pointed at, or what the arrow keys have come to. */
function follow(svg, said, cells, rest) {
  let at = -1;
  said.text(rest);
  const show = (i) => {
    cells[at]?.rect.classed("chosen", false);
    at = i;
    cells[at]?.rect.classed("chosen", true);
    said.text(cells[at]?.says ?? rest);
  };
  cells.forEach((cell, i) => cell.rect.on("pointerenter", () => show(i)));
  svg.attr("tabindex", 0).on("pointerleave blur", () => show(-1)).on("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step || cells.length === 0) return;
    event.preventDefault();
    show(Math.max(0, Math.min(cells.length - 1, at + step)));
  });
}

function drawScale(svg, width, top) {
  const wide = 16;
  const left = Math.max(0, width - 11 * wide - 120);
  svg.append("text").attr("class", "row-note").attr("x", left - 8).attr("y", top + 11).attr("text-anchor", "end").text(width < 420 ? "" : "all on duty");
  for (let k = 0; k <= STEPS; k++) {
    svg.append("rect").attr("class", `cell share${STEPS - k}`).attr("x", left + k * wide).attr("y", top).attr("width", wide - 1).attr("height", 13);
  }
  svg.append("text").attr("class", "row-note").attr("x", left + 11 * wide + 6).attr("y", top + 11).text("nobody");
}

function clip(text, room) {
  const most = Math.floor(room / 6.9);
  return text.length <= most ? text : `${text.slice(0, Math.max(1, most - 1))}…`;
}
