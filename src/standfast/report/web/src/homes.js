// Who left by hour, one panel a branch and kind of home, over all places.

import { drawPanels } from "./panels.js";

export function homes(data, width) {
  const panels = data.homes.map(({ branch, home, groups }) => ({ titles: [data.words.branch[branch] ?? branch, data.words.home[home] ?? home], groups }));
  const tones = data.places[data.focus].groups.map((group) => group.tone);
  return drawPanels(panels, { dates: data.dates, tones, label: "Share who left by branch, home and hour; the numbers are in the table below", width, across: 3 });
}
