// Numbers and moments as the rest of the page writes them.

import { utcFormat } from "d3-time-format";

const DAY = utcFormat("%-d %B");
const MOMENT = utcFormat("%-d %B, %H:%M");

export const day = (date) => DAY(date);
export const moment = (date) => MOMENT(date);

/** Write a share; what is not quite nothing or all does not look like it. */
export function percent(share) {
  if (!Number.isFinite(share)) return "–";
  const points = 100 * share;
  for (let digits = 0; digits < 4; digits++) {
    const text = points.toFixed(digits);
    const honest = (Number(text) !== 0 && Number(text) !== 100) || share === 0 || share === 1;
    if (honest && (digits > 0 || points >= 10 || Number.isInteger(points))) return `${text}\u00a0%`;
  }
  return `${points.toFixed(4)}\u00a0%`;
}

export function runs(number, all) {
  if (all === 1) return "the one run";
  return number === all ? `all ${all} runs` : `${number} of ${all} runs`;
}
