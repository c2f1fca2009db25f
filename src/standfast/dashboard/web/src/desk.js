// What the server has open, as every part of the page sees it: worlds and work, kept current.

import { follow, get, Lost, post, Refused } from "./api.js";

const AGAIN = 1000;

const listeners = new Set();
export const desk = { hello: null, version: 0, worlds: [], jobs: [], lost: null };

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
    while (again) {
      again = false;
      try {
        await action();
      } catch (error) {
        reportError(error); // and what was asked for meanwhile is still done
      }
    }
    running = false;
  };
}

/**
 * Draw whatever the server has and the page has not drawn yet, until the view is left.
 *
 * @param state() says in a text what the server has, null when there is nothing to draw any more
 * @param draw() asks for it and draws it; where the server does not answer, it is asked again
 * @returns what ends it
 */
export function keepDrawn(state, draw) {
  let drawn = null;
  let left = false;
  const look = onceAtATime(async () => {
    const now = state();
    if (left || now === null || now === drawn) return;
    try {
      await draw();
      drawn = now;
    } catch (error) {
      if (!(error instanceof Refused || error instanceof Lost)) throw error;
      setTimeout(look, AGAIN);
    }
  });
  const stop = listen(look);
  look();
  return () => {
    left = true;
    stop();
  };
}

function tell() {
  for (const listener of [...listeners]) listener(desk);
}

/** An answer that was long on its way never takes the place of a newer one. */
function take(state) {
  if (state.version >= desk.version) Object.assign(desk, state);
}

export async function openDesk() {
  desk.hello = await get("/api/hello");
  take(await get("/api/desk"));
  follow("/api/changes", (state) => {
    take(state);
    tell();
  }, (says) => {
    desk.lost = says;
    tell();
  });
}

export const worldOf = (id) => desk.worlds.find((world) => world.id === id);

/** Return a world of the server's; where the page was not told of it yet, the server is asked. */
export async function findWorld(id) {
  if (id && !worldOf(id)) take(await get("/api/desk"));
  return worldOf(id);
}

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
      } else if (job.world !== null && worldOf(job.world)) {
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
