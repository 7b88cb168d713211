import { clockStep } from './scheduler/clock-step.mjs';
import { firstRequest } from './scheduler/first-request.mjs';
import { idle } from './scheduler/idle.mjs';
import { lateness } from './scheduler/lateness.mjs';
import { queue } from './scheduler/queue.mjs';
import { sustained } from './scheduler/sustained.mjs';

/** The scheduler: what it takes while nothing is due, and how soon and how often it has things done. */
export async function scheduler(options) {
  const aside = [];
  // What has to wait for nothing but the disk, or sleeps most of the time, is measured while the idle ones settle.
  const meanwhile = async () => {
    aside.push(...(await queue(options)), ...(await clockStep(options)));
  };
  const rows = await idle({ ...options, meanwhile });
  return [
    ...rows,
    ...(await lateness(options)),
    ...aside,
    ...(await firstRequest(options)),
    ...(await sustained(options)),
  ];
}
