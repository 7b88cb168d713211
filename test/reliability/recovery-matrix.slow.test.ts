import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isActive, type RunRecord } from '../../src/core/model/run-record.ts';
import { gatedConfig, gatedSite } from '../gated-site.ts';
import { preload } from '../preload.ts';
import { scheduledHome } from '../scheduled-home.ts';
import { sendSignal } from '../send-signal.ts';
import { tempFolder } from '../temp-folder.ts';
import { waitFor } from '../wait-for.ts';

type Victim = 'scheduler' | 'worker' | 'site';
type Callback = RunRecord['callback'];

/**
 * What becomes of an occurrence when one of the three dies at a point of its way: its outcome, and what became of its
 * callback. An occurrence is claimed by its row, started by the claim of its process, and ended by its outcome.
 */
const MATRIX: Record<string, Partial<Record<Victim, [RunRecord['status'], Callback]>>> = {
  'before claim': { scheduler: ['succeeded', 'done'], site: ['failed', 'done'] },
  'after claim': { scheduler: ['succeeded', 'done'], site: ['failed', 'done'] },
  'before start': {
    scheduler: ['succeeded', 'done'],
    worker: ['succeeded', 'done'],
    site: ['failed', 'done'],
  },
  'after start': {
    scheduler: ['succeeded', 'done'],
    worker: ['abandoned', 'done'],
    site: ['failed', 'done'],
  },
  'before outcome': {
    scheduler: ['succeeded', 'done'],
    worker: ['abandoned', 'done'],
    site: ['succeeded', 'done'],
  },
  'after outcome': {
    scheduler: ['succeeded', 'done'],
    worker: ['succeeded', 'done'],
    site: ['succeeded', 'done'],
  },
  'before callback': {
    scheduler: ['succeeded', 'done'],
    worker: ['succeeded', 'lost'],
    site: ['succeeded', 'done'],
  },
  'after callback': {
    scheduler: ['succeeded', 'done'],
    worker: ['succeeded', 'lost'],
    site: ['succeeded', 'done'],
  },
};

/** Commands that were run for an outcome; of a lost callback it depends on when its process was killed. */
function callsExpected(point: string, callback: Callback): number {
  return callback === 'lost' && point === 'before callback' ? 0 : 1;
}

/** A schedule of one occurrence in eight seconds: a busy machine takes some until the scheduler has read it. */
function soon() {
  const at = new Date(Date.now() + 8_000);
  const time = `${at.getUTCSeconds()} ${at.getUTCMinutes()} ${at.getUTCHours()}`;
  return {
    type: 'custom',
    cron_expression: `${time} ${at.getUTCDate()} ${at.getUTCMonth() + 1} *`,
    timezone: 'UTC',
  };
}

async function killAt(point: string, victim: Victim) {
  const site = await gatedSite();
  const folder = tempFolder();
  const note = (word: string) => ['sh', '-c', `echo "${word} $QUICKSCRAPE_RUN_ID" >> called`];
  const home = await scheduledHome(gatedConfig(site.url), {
    schedule: { type: 'custom', cron_expression: '0 0 1 1 *', timezone: 'UTC' },
    max_retries: 0,
    on_success: note('success'),
    on_failure: note('failure'),
  });
  const first = await home.startScheduler(preload('hold', folder, point));
  // Only now, as a scheduler takes long to start on a busy machine, and a passed occurrence is missed.
  await home.workspace.jobs.update(home.jobId, { schedule: soon() }, { by: 'library' });
  const pid = await waitFor(`the point ${point}`, () => {
    const file = join(folder, 'held');
    return existsSync(file) && Number(readFileSync(file, 'utf8'));
  });
  if (victim === 'scheduler') await first.kill();
  else if (victim === 'worker') sendSignal({ pid }, 'SIGKILL');
  else site.die();
  writeFileSync(join(folder, 'go'), '');
  if (victim === 'scheduler') await home.startScheduler();
  const run = await waitFor('the end of the run and of its callback', () => {
    const [only] = home.runs().filter(({ status }) => status !== 'missed');
    return only && !isActive(only.status) && only.callback !== 'due' && only.callback !== 'running' && only;
  });
  return { home, run, site };
}

async function checkCell(point: string, victim: Victim, [status, callback]: [RunRecord['status'], Callback]) {
  const where = `${victim} killed ${point}`;
  const { home, run, site } = await killAt(point, victim);
  const { workspace } = home;
  const got = { where, status: run.status, callback: run.callback, attempts: run.attempt };
  expect(got).toEqual({ where, status, callback, attempts: 1 });
  expect(site.hits(), where).toBeLessThanOrEqual(1);
  // The occurrence has this run, no other one, and its output is whole or not there.
  expect(
    home.runs().map(({ runId }) => runId),
    where,
  ).toEqual([run.runId]);
  const outcomes = workspace.runs.attempts(run.runId).map((attempt) => attempt.status);
  expect(outcomes, where).toEqual([status]);
  if (run.outputPath) expect(readFileSync(run.outputPath, 'utf8'), where).toBe('name\nonly row\n');
  expect(run.outputPath !== null, where).toBe(status === 'succeeded');
  // Its command was called at most once.
  const file = join(workspace.paths.home, 'called');
  const calls = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  const word = status === 'succeeded' ? 'success' : 'failure';
  expect(calls, where).toEqual(Array(callsExpected(point, callback)).fill(`${word} ${run.runId}`));
  expect(workspace.runs.needsReconciling(), where).toBe(false);
}

it.each<Victim>(['scheduler', 'worker', 'site'])(
  'an occurrence has the right outcome, once, when the %s is killed before and after claim, start, outcome and callback',
  async (victim) => {
    const cells = Object.entries(MATRIX).map(async ([point, victims]) => {
      const expected = victims[victim];
      if (expected) await checkCell(point, victim, expected);
    });
    // All of them end before the first failure is told: what they started must not outlive the test.
    const failed = (await Promise.allSettled(cells)).filter((cell) => cell.status === 'rejected');
    for (const { reason } of failed) throw reason;
  },
);
