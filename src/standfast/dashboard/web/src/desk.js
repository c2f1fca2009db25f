// What the server has open, as every part of the page sees it: worlds and work, kept current.

import { follow, get, post } from "./api.js";

const listeners = new Set();
export const desk = { hello: null, worlds: [], jobs: [], lost: null };

export function listen(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Let something run once at a time; asked while it runs, it runs once more, so that nothing is missed. */
export function onceAtATime(action) {
  let running = false;
  let again = false;
  return async () => {
    again = true;
    if (running) return;
    running = true;
    try {
      while (again) {
        again = false;
        await action();
      }
    } finally {
      running = false;
    }
  };
}

function tell() {
  for (const listener of [...listeners]) listener(desk);
}

export async function openDesk() {
  desk.hello = await get("/api/hello");
  Object.assign(desk, await get("/api/desk"));
  follow("/api/changes", (state) => {
    Object.assign(desk, state);
    tell();
  }, (says) => {
    desk.lost = says;
    tell();
  });
}

export const worldOf = (id) => desk.worlds.find((world) => world.id === id);
export const over = (job) => ["done", "cancelled", "failed"].includes(job.state);

/** Ask for work and wait until it has ended; its result, or null when it was cancelled. */
export async function work(path, body, onStart) {
  const { job } = await post(path, body);
  onStart?.(job);
  return ended(job);
}

export function ended(number) {
  return new Promise((resolve, reject) => {
    const look = async () => {
      const job = desk.jobs.find((each) => each.id === number);
      if (!job || !over(job)) return;
      stop();
      if (job.state === "failed") reject(new Error(job.says));
      else if (job.state === "cancelled") resolve(null);
      else resolve((await get(`/api/jobs/${number}`)).result);
    };
    const stop = listen(look);
    look();
  });
}

/** Wait until a job has a world, so that it can be watched while it runs. */
export function worldOfJob(number) {
  return new Promise((resolve, reject) => {
    const look = () => {
      const job = desk.jobs.find((each) => each.id === number);
      if (!job) return;
      if (job.state === "failed") {
        stop();
        reject(new Error(job.says));
      } else if (job.world !== null && job.kind !== "branch" || job.world !== null && worldOf(job.world)) {
        stop();
        resolve(job.world);
      } else if (job.state === "cancelled") {
        stop();
        resolve(null);
      }
    };
    const stop = listen(look);
    look();
  });
}
