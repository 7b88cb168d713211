import { describe, expect, vi } from 'vitest';
import { type ClockedHome, clockedHome, it } from '../../clocked-home.ts';
import { enqueueManual } from '../../worker-pool-home.ts';

const NOON = '2026-11-25T12:00:00Z';
const AT_1201 = '1 12 * * *';
const MINUTE = 60_000;
const HALF_SECOND_BEFORE = 59_500;

const numbered = (name: string, many: number) =>
  Array.from({ length: many }, (_, index) => `${name}-${String(index).padStart(4, '0')}`);

/** Makes job a, whose run of 12:01 has failed and is attempted again thirty seconds later. */
async function jobWithRetry(home: ClockedHome): Promise<string> {
  home.executor.runDurationMs = undefined;
  await home.job('a', AT_1201, { max_retries: 2, retry_delay: 30, retry_backoff: 'fixed' });
  home.begin();
  home.clock.advance(MINUTE);
  const [runId = ''] = home.executor.startedWarm;
  home.executor.end(runId, 'failed');
  return runId;
}

function pause({ workspace, clock }: ClockedHome, ids: readonly string[]): void {
  workspace.db.run(
    `INSERT INTO job_state (job_id, paused_at, paused_after) SELECT value, ?, 1 FROM json_each(?) WHERE true
     ON CONFLICT DO UPDATE SET paused_at = excluded.paused_at, paused_after = 1`,
    [clock.now(), JSON.stringify(ids)],
  );
}

describe('a worker is ready', () => {
  it('two seconds before an occurrence, and not sooner', async ({ home }) => {
    await home.job('a', AT_1201);
    home.begin();
    home.clock.advance(57_999);
    expect(home.executor.ready).toBe(0);
    home.clock.advance(1);
    expect(home.executor.ready).toBe(1);
    expect(home.outcomes('a')).toEqual([]);
    home.clock.advance(2_000);
    expect(home.outcomes('a')).toEqual(['12:01:00 succeeded schedule']);
    expect(home.executor.startedWarm).toHaveLength(1);
    expect(home.executor.ready).toBe(0);
  });

  it('for each occurrence of a job that is due every second', async ({ home }) => {
    await home.job('a', '* * * * * *');
    home.begin();
    home.clock.advance(10_500);
    expect(home.decided('a')).toHaveLength(10);
    expect(home.executor.startedWarm).toHaveLength(10);
  });

  it('when the run before has finished, if it is active two seconds before', async ({ home }) => {
    home.executor.runDurationMs = 4_500;
    await home.job('a', '*/5 * * * * *');
    home.begin();
    home.clock.advance(5_000 + 4_400);
    expect(home.executor.ready).toBe(0);
    home.clock.advance(200);
    expect(home.executor.ready).toBe(1);
    home.clock.advance(400);
    expect(home.executor.startedWarm).toHaveLength(2);
  });

  it('for an occurrence that cancels the run before, also when its host takes one run', async ({ home }) => {
    home.executor.runDurationMs = undefined;
    await home.workspace.settings.set('max_runs_per_host', 1);
    await home.workspace.configs.write('shop', 'url: "http://shop.test/"\nselectors:\n  name: b\n');
    await home.job('a', '* * * * *', { config_name: 'shop', overlap: 'cancel_running' });
    home.begin();
    home.clock.advance(MINUTE + HALF_SECOND_BEFORE);
    expect(home.executor.ready).toBe(1);
    home.clock.advance(MINUTE - HALF_SECOND_BEFORE);
    // The cancellation has ended then.
    await Promise.resolve();
    home.clock.advance(0);
    expect(home.outcomes('a')).toEqual(['12:01:00 cancelled schedule', '12:02:00 running schedule']);
    expect(home.executor.startedWarm).toHaveLength(2);
  });

  it('for each free slot, however many jobs are due', async ({ home }) => {
    home.jobFiles(numbered('job', 120), AT_1201);
    home.executor.runDurationMs = 10_000;
    home.begin(4);
    home.clock.advance(59_999);
    expect(home.executor.ready).toBe(4);
    home.clock.advance(1);
    expect(home.workspace.runs.active().filter(({ status }) => status === 'running')).toHaveLength(4);
    expect(home.executor.startedWarm).toHaveLength(4);
  });

  it('for a small fixed offset', async ({ home }) => {
    await home.job('a', AT_1201, { stagger: 1 });
    home.begin();
    home.clock.advance(HALF_SECOND_BEFORE);
    expect(home.executor.ready).toBe(1);
    home.clock.advance(1_500);
    expect(home.executor.startedWarm).toHaveLength(1);
  });

  it('for a retry that waits in the queue', async ({ home }) => {
    const runId = await jobWithRetry(home);
    home.executor.runDurationMs = 0;
    home.clock.advance(27_999);
    expect(home.executor.ready).toBe(0);
    home.clock.advance(1);
    expect(home.executor.ready).toBe(1);
    home.clock.advance(2_000);
    expect(home.outcomes('a')).toEqual(['12:01:00 succeeded schedule']);
    expect(home.executor.startedWarm).toEqual([runId, runId]);
  });

  it('for a run that begins later than its occurrence', async ({ home }) => {
    await home.job('a', AT_1201, { stagger: 3_600 });
    home.begin();
    home.clock.advance(MINUTE);
    const [run] = home.workspace.runs.active();
    const wait = (run?.notBefore ?? 0) - home.clock.now();
    expect(wait).toBeGreaterThan(2_000);
    home.clock.advance(wait - 2_001);
    expect(home.executor.ready).toBe(0);
    home.clock.advance(1);
    expect(home.executor.ready).toBe(1);
    home.clock.advance(2_000);
    expect(home.executor.startedWarm).toEqual([run?.runId]);
  });

  it('for the one job that may start behind hundreds that are paused', async ({ home }) => {
    home.jobFiles(numbered('job', 250), AT_1201, { pause_after_failures: 1 });
    await home.job('z', AT_1201);
    home.begin();
    pause(home, numbered('job', 250));
    home.clock.advance(59_999);
    expect(home.executor.ready).toBe(1);
    home.clock.advance(1);
    expect(home.outcomes('z')).toEqual(['12:01:00 succeeded schedule']);
    expect(home.executor.startedWarm).toHaveLength(1);
  });
});

describe('no worker is made ready', () => {
  it.for([
    ['for a disabled job', { enabled: false }],
    ['for a run that may start much later', { jitter: 30 }],
    ['for a long fixed offset', { stagger: 86_400 }],
  ] as const)('%s', async ([, fields], { home }) => {
    await home.job('a', AT_1201, fields);
    home.begin();
    home.clock.advance(HALF_SECOND_BEFORE);
    expect(home.executor.ready).toBe(0);
  });

  it.for(['skip', 'queue'])('while a run of the job is active (%s)', async (overlap, { home }) => {
    home.executor.runDurationMs = undefined;
    await home.job('a', '* * * * *', { overlap });
    home.begin();
    home.clock.advance(MINUTE + HALF_SECOND_BEFORE);
    expect(home.executor.startedWarm).toHaveLength(1);
    expect(home.executor.ready).toBe(0);
  });

  it('for a retry while another run of its job is active', async ({ home }) => {
    await jobWithRetry(home);
    home.clock.advance(28_000 - 1);
    enqueueManual(home.workspace, 'a');
    home.clock.advance(1_500);
    expect(home.outcomes('a')).toEqual(['now running manual', '12:01:00 waiting_retry schedule']);
    expect(home.executor.ready).toBe(0);
  });

  it('for a run whose start has failed before', async ({ home }) => {
    const runId = await jobWithRetry(home);
    home.workspace.db.run('UPDATE runs SET void_starts = 1 WHERE run_id = ?', [runId]);
    home.clock.advance(29_500);
    expect(home.executor.ready).toBe(0);
  });

  it('for a paused job', async ({ home }) => {
    await home.job('a', AT_1201, { pause_after_failures: 1 });
    pause(home, ['a']);
    home.begin();
    home.clock.advance(HALF_SECOND_BEFORE);
    expect(home.executor.ready).toBe(0);
    home.clock.advance(1_000);
    expect(home.outcomes('a')).toEqual(['12:01:00 skipped schedule']);
  });

  it('while all slots are taken; as soon as one is free it is', async ({ home }) => {
    home.executor.runDurationMs = 58_000;
    await home.job('a', '1 0 12 * * *');
    await home.job('b', AT_1201);
    home.begin(1);
    home.clock.advance(58_900);
    expect(home.executor.ready).toBe(0);
    home.clock.advance(200);
    expect(home.executor.ready).toBe(1);
  });

  it('for more runs than are expected, however many workers are idle', async ({ home }) => {
    home.executor.ready = 4;
    await home.job('a', AT_1201);
    await home.job('b', AT_1201, { pause_after_failures: 1 });
    pause(home, ['b']);
    const keepReady = vi.spyOn(home.executor, 'keepReady');
    home.begin(4);
    home.clock.advance(HALF_SECOND_BEFORE);
    expect(keepReady.mock.calls).toEqual([[1]]);
  });

  it('when too little time is left for it to start the run sooner', async ({ home }) => {
    home.executor.runDurationMs = 58_800;
    await home.job('a', '1 0 12 * * *');
    await home.job('b', AT_1201);
    home.begin(1);
    home.clock.advance(59_950);
    expect(home.executor.ready).toBe(0);
    home.clock.advance(50);
    expect(home.outcomes('b')).toEqual(['12:01:00 running schedule']);
    expect(home.executor.startedWarm).toHaveLength(1);
  });

  it('while the disk is full', async ({ home }) => {
    await home.workspace.settings.set('min_free_space', 1_000_000);
    await home.job('a', AT_1201);
    home.begin();
    home.clock.advance(HALF_SECOND_BEFORE);
    expect(home.executor.ready).toBe(0);
  });

  it('for more runs of a host than may be active', async ({ home }) => {
    await home.workspace.settings.set('max_runs_per_host', 1);
    await home.workspace.configs.write('shop', 'url: "http://shop.test/"\nselectors:\n  name: b\n');
    for (const id of ['a', 'b']) await home.job(id, AT_1201, { config_name: 'shop' });
    home.begin();
    home.clock.advance(HALF_SECOND_BEFORE);
    expect(home.executor.ready).toBe(1);
  });
});

describe('a run starts all the same', () => {
  it('when no worker could be made ready', async ({ home }) => {
    await home.job('a', AT_1201);
    home.executor.keepReady = () => {
      throw new Error('no process can be started');
    };
    home.begin();
    home.clock.advance(MINUTE);
    expect(home.outcomes('a')).toEqual(['12:01:00 succeeded schedule']);
    expect(home.said.join()).toContain('no process can be started');
  });

  it('after an error of the database a second before its instant, and a worker is ready by then', async () => {
    const home = clockedHome(NOON);
    await home.job('a', AT_1201);
    home.begin();
    home.clock.advance(57_000);
    const getMany = home.workspace.jobs.getMany.bind(home.workspace.jobs);
    home.workspace.jobs.getMany = () => {
      home.workspace.jobs.getMany = getMany;
      throw new Error('the database is locked');
    };
    home.clock.advance(1_000);
    expect(home.executor.ready).toBe(0);
    home.clock.advance(1_000);
    expect(home.executor.ready).toBe(1);
    expect(home.said.join()).toContain('the database is locked');
  });
});

it('a scheduler that stops dismisses its idle workers', async ({ home }) => {
  await home.job('a', AT_1201);
  const loop = home.begin();
  home.clock.advance(HALF_SECOND_BEFORE);
  expect(home.executor.ready).toBe(1);
  await loop.stop(() => false);
  expect(home.executor.ready).toBe(0);
});
