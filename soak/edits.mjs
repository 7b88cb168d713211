import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { scheduleOf } from './jobs.mjs';
import { cronOf } from './schedules.mjs';
import { SEEN_BY_HAND_MS, SETTLE_MS } from './timeline.mjs';

/** What people do with jobs while they run. Each keeps account of what has been acknowledged. */
export const EDITS = [
  [6, describe],
  [4, describeByHand],
  [3, reschedule],
  [2, rescheduleByHand],
  [2, pauseForAWhile],
  [2, breakAndMend],
  [2, deleteAndRestore],
  [2, runNow],
  [2, cancelARun],
];

async function describe(home, job, random) {
  const description = `by library ${random.whole(1e9)}`;
  await update(home, job, { description });
  job.description = description;
}

async function describeByHand(home, job, random) {
  job.description = `by hand ${random.whole(1e9)}`;
  editFile(home, job, { description: job.description }, random);
}

async function reschedule(home, job, random) {
  const schedule = anotherOffset(job, random);
  await replanned(home, job, schedule, SETTLE_MS, () =>
    update(home, job, { schedule: scheduleOf(schedule) }),
  );
}

async function rescheduleByHand(home, job, random) {
  const schedule = anotherOffset(job, random);
  const dict = { type: 'custom', cron_expression: cronOf(schedule), timezone: 'UTC' };
  await replanned(home, job, schedule, SEEN_BY_HAND_MS, () =>
    editFile(home, job, { schedule: dict }, random),
  );
}

async function pauseForAWhile(home, job, random) {
  const from = Date.now();
  await update(home, job, { enabled: false });
  job.timeline.close(home.decidedUntil(from) - SETTLE_MS);
  await delay(random.between(1_000, 20_000));
  await update(home, job, { enabled: true });
  job.timeline.open(job.schedule, Date.now() + SETTLE_MS);
}

/** A file that is no JSON for a while, as while somebody writes it: nothing of the job may be lost by that. */
async function breakAndMend(home, job, random) {
  const file = home.fileOf(job.id);
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.slice(0, random.whole(text.length)));
  await delay(random.between(100, 4_000));
  writeFileSync(file, text);
}

async function deleteAndRestore(home, job, random) {
  const from = Date.now();
  if (!(await accepting(['conflict'], () => home.manager.deleteJob(job.id)))) return;
  job.timeline.close(home.decidedUntil(from) - SETTLE_MS);
  await delay(random.between(500, 8_000));
  const { code, stderr } = await home.command('job', 'restore', job.id);
  if (code !== 0) throw new Error(`restore ${job.id}: ${stderr}`);
  job.timeline.open(job.schedule, Date.now() + SETTLE_MS);
}

async function runNow(home, job) {
  const stored = await home.manager.getJob(job.id);
  await accepting(['conflict'], () => stored.run());
}

async function cancelARun(home, _job, random) {
  const active = home.active();
  if (active.length === 0) return;
  const { run_id: runId } = random.pick(active);
  const { code, stderr } = await home.command('job', 'cancel', runId);
  if (code !== 0 && !/run_not_found/.test(stderr)) throw new Error(`cancel ${runId}: ${stderr}`);
}

async function update(home, job, fields) {
  const stored = await home.manager.getJob(job.id);
  await home.manager.updateJob(Object.assign(stored, fields));
}

async function replanned(home, job, schedule, seenWithin, change) {
  const from = Date.now();
  await change();
  job.timeline.close(home.decidedUntil(from) - SETTLE_MS);
  job.schedule = schedule;
  job.timeline.open(schedule, Date.now() + seenWithin);
}

function anotherOffset({ schedule: { period } }, random) {
  return { period, offset: random.whole(period) };
}

/** As editors do: some replace the file, some write into it. */
function editFile(home, job, fields, random) {
  const file = home.fileOf(job.id);
  const text = JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), ...fields }, null, 2);
  if (random.chance(0.5)) return writeFileSync(file, text);
  writeFileSync(`${file}~`, text);
  renameSync(`${file}~`, file);
}

async function accepting(codes, work) {
  try {
    return await work();
  } catch (error) {
    if (codes.includes(error.code)) return undefined;
    throw error;
  }
}
