// The map of a world: garrisons draining by the hour; a place is chosen by pointer or by keys.

import { drawSheet } from "../../../report/web/src/atlas.js";
import { element } from "../../../report/web/src/element.js";
import { percent } from "../../../report/web/src/words.js";

/** Build the map; `onPick(garrison)` is called when a place is chosen. */
export function ground(world, { onPick } = {}) {
  const drawing = drawSheet(world);
  const box = element("div", { class: "sheet" }, drawing.node);
  const picks = [];
  if (onPick) {
    drawing.node.setAttribute("role", "group");
    for (const { spot, ring } of drawing.discs) {
      if (spot.garrison < 0) continue;
      const node = ring.node();
      const hit = node.cloneNode(false);
      hit.setAttribute("class", "hit");
      hit.setAttribute("r", Math.max(18, spot.r));
      hit.setAttribute("tabindex", 0);
      hit.setAttribute("role", "button");
      hit.setAttribute("aria-pressed", "false");
      hit.setAttribute("data-garrison", spot.garrison);
      drawing.node.append(hit);
      hit.addEventListener("click", () => onPick(spot.garrison));
      hit.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        onPick(spot.garrison);
      });
      picks.push({ spot, hit });
    }
  }
  const sized = () => drawing.follow(box);
  requestAnimationFrame(sized);
  return {
    node: box,
    svg: drawing.node,
    update(i) {
      drawing.update(world, i);
      for (const { spot, hit } of picks) {
        const place = world.places[spot.garrison];
        const state = ["", ", contested", ", under the adversary"][world.control(spot.garrison, i)];
        hit.setAttribute("aria-label", `${place.title}: ${percent(world.serving(spot.garrison, i))} serve${state}`);
      }
    },
    choose(garrison) {
      for (const { spot, hit } of picks) {
        hit.setAttribute("aria-pressed", String(spot.garrison === garrison));
        hit.classList.toggle("chosen", spot.garrison === garrison);
      }
    },
  };
}
