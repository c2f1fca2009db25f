// Strength by hour, one panel a branch, at the chosen place.

import { drawPanels } from "./panels.js";

export function branches(index, data, width) {
  const place = data.places[index];
  const panels = place.branches.map(({ branch, groups }) => ({ titles: [data.words.branch[branch] ?? branch], groups }));
  const label = `Share still serving by branch and hour at ${place.title}; the numbers are in the tables`;
  return drawPanels(panels, { dates: data.dates, tones: place.groups.map((group) => group.tone), label, width, across: 4 });
}
