// Who left, from where, and how: streams of people from branch through home to the way out.
// On a narrow page homes are left out: three columns of names would cover each other.

import { linkHorizontal } from "d3-shape";
import { sheet } from "./frame.js";
import { percent } from "./words.js";

const COLUMNS = [["branch", "Branch"], ["home", "Home and family"], ["exit", "Way out"]];
const BAR = 13;
const GAP = 14;
const ribbon = linkHorizontal();

export function alluvial(data, width) {
  const { flows, words } = data;
  const narrow = width < 620;
  const total = flows.reduce((sum, flow) => sum + flow.people, 0);
  const height = narrow ? 420 : 400;
  const label = "Streams of those who left, from branch through home to the way out; the numbers are in the tables";
  const svg = sheet(width, height + 26, label);
  if (total === 0) {
    svg.append("text").attr("class", "row-note").attr("y", 30).text("Nobody left.");
    return svg.node();
  }
  const shown = narrow ? COLUMNS.filter(([name]) => name !== "home") : COLUMNS;
  const right = narrow ? 0 : 190;
  // one scale for all columns, so that a stream is as wide where it ends as where it begins
  const most = Math.max(...shown.map(([name]) => new Set(flows.map((flow) => flow[name])).size));
  const scale = (height - GAP * (most - 1)) / total;
  const ground = svg.append("g").attr("transform", "translate(0,24)");
  const columns = shown.map(([name, title], k) => {
    const left = (k / (shown.length - 1)) * (width - right - BAR);
    const inside = narrow && k > 0;
    svg.append("text").attr("class", "row-note").attr("x", inside ? left + BAR : left).attr("y", 13)
      .attr("text-anchor", inside ? "end" : "start").text(title);
    return { name, left, inside, nodes: stackColumn(name, flows, scale) };
  });
  for (let k = 0; k + 1 < columns.length; k++) drawStreams(ground, flows, scale, columns[k], columns[k + 1]);
  for (const column of columns) drawColumn(ground, column, words[column.name], total);
  return svg.node();
}

/** Give each name of a column its place, the largest first. */
function stackColumn(name, flows, scale) {
  const people = new Map();
  for (const flow of flows) people.set(flow[name], (people.get(flow[name]) ?? 0) + flow.people);
  const nodes = [...people].sort((a, b) => b[1] - a[1]);
  const column = new Map();
  let down = 0;
  for (const [key, number] of nodes) {
    column.set(key, { top: down, tall: number * scale, people: number });
    down += number * scale + GAP;
  }
  return column;
}

function drawStreams(ground, flows, scale, from, to) {
  const streams = new Map();
  for (const flow of flows) {
    const ends = [flow[from.name], flow[to.name]];
    const stream = streams.get(ends.join(" ")) ?? { ends, people: 0 };
    stream.people += flow.people;
    streams.set(ends.join(" "), stream);
  }
  const rank = (column, name) => [...column.nodes.keys()].indexOf(name);
  const sorted = [...streams.values()].sort((a, b) => rank(from, a.ends[0]) - rank(from, b.ends[0]) || rank(to, a.ends[1]) - rank(to, b.ends[1]));
  const used = [new Map(), new Map()];
  for (const { ends, people } of sorted) {
    const tall = people * scale;
    const [start, end] = [from, to].map((column, side) => {
      const node = column.nodes.get(ends[side]);
      const before = used[side].get(ends[side]) ?? 0;
      used[side].set(ends[side], before + tall);
      return node.top + before + tall / 2;
    });
    ground.append("path").attr("class", "stream").attr("d", ribbon({ source: [from.left + BAR, start], target: [to.left, end] }))
      .attr("stroke-width", Math.max(0.6, tall)).append("title").text(`${Math.round(people)} people`);
  }
}

function drawColumn(ground, { left, inside, nodes }, names, total) {
  let free = -Infinity;
  for (const [key, node] of nodes) {
    ground.append("rect").attr("class", "node").attr("x", left).attr("y", node.top).attr("width", BAR).attr("height", Math.max(1, node.tall));
    const down = Math.max(free + 17, node.top + Math.min(node.tall / 2 + 5, 18));
    free = down;
    ground.append("text").attr("class", "row-note node-name").attr("x", inside ? left - 6 : left + BAR + 7).attr("y", down)
      .attr("text-anchor", inside ? "end" : "start").text(`${names[key] ?? key} ${percent(node.people / total)}`);
  }
}
