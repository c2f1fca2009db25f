// A world as charts and maps want it: shares by garrison and hour, growing while it runs.

import { get } from "./api.js";
import { unpack } from "../../../report/web/src/payload.js";

const known = new Map();
const READINGS = ["fear", "trust", "belief", "wavering"];

/** Return a world, loaded once and brought up to date each time. */
export async function loadWorld(id) {
  const world = await (known.get(id) ?? firstLoad(id));
  await world.refresh();
  return world;
}

/** What is being loaded is known from the start: two views that ask at once hold the same world, and both see it grow. */
function firstLoad(id) {
  const loading = get(`/api/worlds/${id}/ground`).then((ground) => new World(id, ground));
  known.set(id, loading);
  loading.catch(() => known.delete(id));
  return loading;
}

export const forget = (id) => known.delete(id);

function bytes(text) {
  return Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
}

export class World {
  constructor(id, ground) {
    this.id = id;
    this.ground = ground;
    this.nPlace = ground.places.length;
    this.nCompany = ground.units.people.length;
    this.hours = [];
    this.dates = [];
    this.events = [];
    this.log = [];
    this.rows = { serving: [], control: [], companies: [] };
    for (const name of READINGS) this.rows[name] = [];
    this.start = Date.parse(`${ground.start}Z`);
    this.asking = null;
  }

  // what the report's map and charts ask a payload for
  get map() { return this.ground.map; }
  get places() { return this.ground.places; }
  get bounds() { return this.ground.bounds; }
  dateOf(hour) { return new Date(this.start + hour * 3600e3); }

  get last() { return this.hours.length - 1; }
  serving(p, i) { return this.rows.serving[i][p]; }
  control(p, i) { return this.rows.control[i][p]; }
  reading(name, p, i) { return this.rows[name][i][p]; }
  companies(i) { return this.rows.companies[i]; }
  line(p) { return this.rows.serving.map((row) => row[p]); }
  readingLine(name, p) { return this.rows[name].map((row) => row[p]); }

  /** Share of all who serve, over the garrisons. */
  whole(i) {
    let serving = 0;
    let people = 0;
    this.places.forEach((place, p) => {
      serving += place.people * this.serving(p, i);
      people += place.people;
    });
    return people ? serving / people : 0;
  }

  wholeLine() { return this.hours.map((_, i) => this.whole(i)); }
  lost(i) { return this.places.filter((_, p) => this.control(p, i) === 2).length; }

  indexOf(hour) {
    let i = this.last;
    while (i > 0 && this.hours[i] > hour + 1e-9) i--;
    return Math.max(0, i);
  }

  /** Ask for the hours that are new, one question after the other. */
  refresh() {
    this.asking = (this.asking ?? Promise.resolve()).catch(() => {}).then(() => this.ask());
    return this.asking;
  }

  async ask() {
    const first = this.hours.length;
    const data = await get(`/api/worlds/${this.id}/frames?from=${first}`);
    if (first === 0) this.events = data.events;
    const n = data.hours.length;
    const serving = unpack(data.serving, 2, data.one);
    const control = bytes(data.control);
    const companies = bytes(data.companies);
    const readings = READINGS.map((name) => [name, unpack(data.readings[name], 1, data.one)]);
    for (let i = 0; i < n; i++) {
      const places = [i * this.nPlace, (i + 1) * this.nPlace];
      this.rows.serving.push(serving.subarray(...places));
      this.rows.control.push(control.subarray(...places));
      this.rows.companies.push(companies.subarray(i * this.nCompany, (i + 1) * this.nCompany));
      for (const [name, values] of readings) this.rows[name].push(values.subarray(...places));
      this.hours.push(data.hours[i]);
      this.dates.push(this.dateOf(data.hours[i]));
    }
    const seen = new Set(this.log.map((line) => `${line.hour}${line.kind}${line.place}${line.unit}`));
    this.log.push(...data.log.filter((line) => !seen.has(`${line.hour}${line.kind}${line.place}${line.unit}`)));
  }

  async refreshEvents() {
    this.events = (await get(`/api/worlds/${this.id}/frames?from=0`)).events;
  }
}
