import { forecasts } from './schedule/forecast.mjs';
import { coldZones, nextOccurrences } from './schedule/next.mjs';
import { planning } from './schedule/plan.mjs';

/** When jobs run: next occurrences against all who can say them, plans of many jobs, forecasts. */
export async function schedule(options) {
  const before = process.env.TZ;
  // cron-schedule knows the process's zone only.
  process.env.TZ = 'UTC';
  try {
    const cold = await coldZones(options);
    return [
      ...(await nextOccurrences(options)),
      ...cold,
      ...(await planning(options)),
      ...(await forecasts(options)),
    ];
  } finally {
    if (before === undefined) delete process.env.TZ;
    else process.env.TZ = before;
  }
}
