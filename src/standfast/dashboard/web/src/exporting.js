// What is on the screen as a picture, a drawing, a table, or the lines that make it again.

import { element } from "../../../report/web/src/element.js";
import { save } from "./api.js";
import { attempt, tell } from "./told.js";

const STYLES = ["fill", "fill-opacity", "stroke", "stroke-opacity", "stroke-width", "stroke-dasharray", "stroke-linejoin", "stroke-linecap", "font-family", "font-size", "font-weight", "text-anchor", "paint-order", "opacity", "display"];
const SCALE = 2;

/**
 * A menu of exports.
 *
 * @param what gives `name`, and any of svg(), csv() -> rows, command() -> text (may be promises)
 */
export function exports({ name, svg, csv, command }) {
  const button = (title, action) => {
    const node = element("button", { type: "button", class: "plain-button" }, title);
    node.addEventListener("click", () => attempt(action));
    return node;
  };
  const lines = element("pre", { class: "command", hidden: true, tabindex: 0 });
  const parts = [];
  if (svg) {
    parts.push(button("PNG", async () => save(await toPng(svg()), `${name()}.png`, "image/png")));
    parts.push(button("SVG", () => save(toSvg(svg()), `${name()}.svg`, "image/svg+xml")));
  }
  if (csv) parts.push(button("CSV", async () => save(toCsv(await csv()), `${name()}.csv`, "text/csv")));
  if (command) {
    parts.push(button("Command", async () => {
      lines.textContent = await command();
      lines.hidden = false;
      try {
        await navigator.clipboard.writeText(lines.textContent);
        tell("The command is in the clipboard.");
      } catch { /* it stands on the page all the same */ }
    }));
  }
  return element("div", { class: "exports" }, element("span", { class: "exports-name" }, "Export"), ...parts, lines);
}

/** A drawing on its own, with every style written out, as it looks now. */
export function toSvg(node) {
  const copy = node.cloneNode(true);
  const from = [node, ...node.querySelectorAll("*")];
  const to = [copy, ...copy.querySelectorAll("*")];
  from.forEach((each, i) => {
    const style = getComputedStyle(each);
    for (const name of STYLES) {
      const value = style.getPropertyValue(name);
      if (value && value !== "none" || name === "fill") to[i].setAttribute(name, value);
    }
    to[i].removeAttribute("class");
    to[i].removeAttribute("tabindex");
  });
  const box = node.viewBox.baseVal;
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", box.width);
  copy.setAttribute("height", box.height);
  const paper = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  paper.setAttribute("width", box.width);
  paper.setAttribute("height", box.height);
  paper.setAttribute("fill", getComputedStyle(document.body).backgroundColor);
  copy.prepend(paper);
  return new XMLSerializer().serializeToString(copy);
}

export async function toPng(node) {
  const image = new Image();
  const address = URL.createObjectURL(new Blob([toSvg(node)], { type: "image/svg+xml" }));
  try {
    image.src = address;
    await image.decode();
    const box = node.viewBox.baseVal;
    const canvas = element("canvas", { width: SCALE * box.width, height: SCALE * box.height });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve) => { canvas.toBlob(resolve, "image/png"); });
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** Rows of texts and numbers as a table that every program reads. */
export function toCsv(rows) {
  const cell = (value) => {
    const text = value === null || value === undefined || Number.isNaN(value) ? "" : String(value);
    // a text that begins like a formula would be one to a spreadsheet
    const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return rows.map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
}

/** Every garrison of some worlds by hour, as rows. */
export function worldRows(worlds) {
  const rows = [["world", "hour", "time", "place", "people_at_start", "share_serving", "control", "fear", "trust", "belief", "wavering"]];
  const codes = ["government", "contested", "adversary"];
  for (const [title, world] of worlds) {
    world.hours.forEach((hour, i) => world.places.forEach((place, p) => {
      const round = (value) => (Number.isFinite(value) ? Math.round(1e4 * value) / 1e4 : null);
      rows.push([
        title, hour, world.dates[i].toISOString().slice(0, 16), place.id, place.people, round(world.serving(p, i)), codes[world.control(p, i)],
        ...["fear", "trust", "belief", "wavering"].map((name) => round(world.reading(name, p, i))),
      ]);
    }));
  }
  return rows;
}
