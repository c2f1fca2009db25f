// The hour that is looked at: play, pause, scrub, step by keys.

import { element } from "../../../report/web/src/element.js";
import { moment } from "../../../report/web/src/words.js";

const SPEEDS = [[6, "6 hours a second"], [12, "12 hours a second"], [24, "a day a second"], [96, "4 days a second"]];

/** Build the clock of a world; `onHour(index)` is called whenever another hour is to be shown. */
export function clock(world, onHour, { horizon } = {}) {
  let index = 0;
  let speed = 24;
  let playing = null;
  // while a world runs, the clock keeps to its newest hour until somebody takes it back
  let live = false;
  const says = element("p", { class: "clock", id: "clock" });
  const play = element("button", { type: "button", class: "play" }, "Play");
  const slider = element("input", { type: "range", min: 0, max: 1, step: 1, value: 0, class: "scrub", "aria-label": "Hour shown" });
  const rate = element("select", { "aria-label": "Speed" });
  for (const [value, title] of SPEEDS) rate.append(element("option", { value, selected: value === speed }, title));
  const node = element("div", { class: "controls clockbar" }, says, play, slider, rate);

  const show = (i) => {
    index = Math.max(0, Math.min(world.last, i));
    slider.max = Math.max(1, horizon ? horizon / world.ground.step * (world.hours.length > 1 ? world.ground.step / (world.hours[1] - world.hours[0]) : 1) : world.last);
    slider.value = index;
    const text = moment(world.dates[index]);
    slider.setAttribute("aria-valuetext", text);
    says.textContent = text;
    onHour(index);
  };
  const stop = () => {
    cancelAnimationFrame(playing);
    playing = null;
    play.textContent = "Play";
  };
  const run = () => {
    if (index >= world.last) show(0);
    play.textContent = "Pause";
    live = false;
    let before = performance.now();
    let owed = 0;
    const tick = (now) => {
      owed += (now - before) / 1000 * speed;
      before = now;
      const steps = Math.floor(owed);
      if (steps > 0) {
        owed -= steps;
        show(index + steps);
      }
      if (index >= world.last) stop();
      else playing = requestAnimationFrame(tick);
    };
    playing = requestAnimationFrame(tick);
  };
  play.addEventListener("click", () => (playing === null ? run() : stop()));
  rate.addEventListener("change", () => { speed = Number(rate.value); });
  slider.addEventListener("input", () => {
    stop();
    live = Number(slider.value) >= world.last;
    show(Number(slider.value));
  });
  return {
    node,
    get index() { return index; },
    show,
    stop,
    go: (hour) => {
      stop();
      live = false;
      show(world.indexOf(hour));
    },
    /** The world has new hours. */
    grown: (follow) => show(follow && live ? world.last : index),
    follow: () => { live = true; },
  };
}
