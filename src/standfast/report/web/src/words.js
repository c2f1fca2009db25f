// Numbers and moments as the rest of the page writes them.

import { utcFormat } from "d3-time-format";

const DAY = utcFormat("%-d %B");
const MOMENT = utcFormat("%-d %B, %H:%M");

export const day = (date) => DAY(date);
export const moment = (date) => MOMENT(date);

export function percent(share) {
  if (!Number.isFinite(share)) return "–";
  const points = 100 * share;
  return points > 0 && points < 9.95 ? `${points.toFixed(1).replace(/\.0$/, "")} %` : `${points.toFixed(0)} %`;
}

export function runs(number, all) {
  if (all === 1) return "the one run";
  return number === all ? `all ${all} runs` : `${number} of ${all} runs`;
}
