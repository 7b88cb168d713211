import { describe, expect, vi } from 'vitest';
import { type ClockedHome, it } from '../../clocked-home.ts';
import { AT_1201, endsOf } from './half-second-before.ts';

const numbered = (name: string, many: number) =>
  Array.from({ length: many }, (_, index) => `${name}-${String(index).padStart(4, '0')}`);

/** Which jobs the scheduler looks at from here on, a look an entry. */
function looksOf({ workspace }: ClockedHome): () => (readonly string[])[] {
  const some = vi.spyOn(workspace.jobs, 'getMany');
  return () => some.mock.calls.map(([ids]) => ids);
}

const MAY_PAUSE = { pause_after_failures: 1 };

/** Of jobs that {@link MAY_PAUSE}. */
function pause({ workspace, clock }: ClockedHome, ids: readonly string[]): void {
  workspace.db.run(
    `INSERT INTO job_state (job_id, paused_at, paused_after) SELECT value, ?, 1 FROM json_each(?) WHERE true
     ON CONFLICT DO UPDATE SET paused_at = excluded.paused_at, paused_after = 1`,
    [clock.now(), JSON.stringify(ids)],
  );
}

describe('of many that are due at once is prepared', () => {
  it('the one that begins first, though it stands behind hundreds', async ({ home }) => {
    home.jobFiles(numbered('job', 450), AT_1201);
    await home.job('z', AT_1201, { priority: 1 });
    home.executor.runDurationMs = 10_000;
    home.begin(1);
    home.clock.advance(60_000);
    expect(home.outcomes('z')).toEqual(['12:01:00 running schedule']);
    expect(endsOf(home)).toEqual({ begun: 1, discarded: 0 });
  });

  it.for([
    ['are paused', MAY_PAUSE],
    ['may begin much later', { jitter: 60 }],
    ['share a host that is busy', { config_name: 'shop' }],
  ] as const)('the one behind hundreds that %s', async ([what, fields], { home }) => {
    await home.workspace.settings.set('max_runs_per_host', 1);
    await home.workspace.configs.write('shop', 'url: "http://shop.test/"\nselectors:\n  name: b\n');
    home.executor.runDurationMs = undefined;
    await home.job('busy', '1 0 12 * * *', { config_name: 'shop' });
    home.jobFiles(numbered('job', 250), AT_1201, fields);
    await home.job('z', AT_1201);
    home.begin();
    if (what === 'are paused') pause(home, numbered('job', 250));
    home.clock.advance(59_999);
    const [runId, ...others] = home.executor.prepared;
    expect(others).toEqual([]);
    home.clock.advance(1);
    expect(home.workspace.runs.list({ jobId: 'z' }).runs.map((run) => run.runId)).toEqual([runId]);
    expect(home.executor.begun).toEqual([expect.anything(), runId]);
  });

  it('the next ones when slots become free after the first was prepared', async ({ home }) => {
    for (const busy of ['a', 'b', 'c']) await home.job(busy, '1 0 12 * * *');
    home.jobFiles(numbered('job', 200), AT_1201);
    home.executor.runDurationMs = 57_500;
    home.begin(4);
    home.clock.advance(58_300);
    expect(home.executor.prepared.size).toBe(1);
    home.clock.advance(1_700);
    expect(home.outcomes('job-0003')).toEqual(['12:01:00 running schedule']);
    // Three of them are those that made way.
    expect(endsOf(home)).toEqual({ begun: 7, discarded: 0 });
  });

  it('the one behind hundreds whose runs are not over', async ({ home }) => {
    home.jobFiles(numbered('job', 250), '* * * * *', { overlap: 'queue' });
    await home.job('z', '0 2 12 * * *');
    home.executor.runDurationMs = undefined;
    home.begin(252);
    home.clock.advance(119_999);
    expect(home.executor.begun).toHaveLength(250);
    home.clock.advance(1);
    expect(home.outcomes('z')).toEqual(['12:02:00 running schedule']);
    expect(endsOf(home)).toEqual({ begun: 251, discarded: 0 });
  });
});

describe('with many that are due at once', () => {
  it('each is checked once before its instant, at most fifty together, when none can start', ({ home }) => {
    home.jobFiles(numbered('job', 170), AT_1201, MAY_PAUSE);
    home.begin();
    pause(home, numbered('job', 170));
    home.clock.advance(57_000);
    const looks = looksOf(home);
    home.clock.advance(2_999);
    expect(looks().map((ids) => ids.length)).toEqual([50, 50, 50, 20]);
    expect(new Set(looks().flat()).size).toBe(170);
    expect(home.executor.prepared.size).toBe(0);
  });

  it('those whose runs may begin much later are not checked', async ({ home }) => {
    home.jobFiles(numbered('job', 20), AT_1201, { jitter: 60 });
    await home.job('z', AT_1201);
    home.begin();
    home.clock.advance(57_000);
    const looks = looksOf(home);
    home.clock.advance(2_999);
    expect(looks()).toEqual([['z']]);
  });

  it('at most as many are checked as slots are free, whatever wakes the scheduler', ({ home }) => {
    home.jobFiles(numbered('job', 350), AT_1201);
    home.begin(4);
    home.clock.advance(57_000);
    const looks = looksOf(home);
    for (let beat = 0; beat < 29; beat += 1) {
      home.workspace.db.run(`INSERT OR REPLACE INTO facts (name, value) VALUES ('test', ?)`, [String(beat)]);
      home.clock.advance(100);
    }
    expect(home.executor.prepared.size).toBe(4);
    expect(looks().map((ids) => ids.length)).toEqual([50]);
  });

  it('those that were checked in vain are checked again when a run has finished', async ({ home }) => {
    home.jobFiles(numbered('job', 250), '* * * * *', MAY_PAUSE);
    await home.job('zz', '* * * * *');
    home.executor.runDurationMs = 58_800;
    home.begin();
    pause(home, numbered('job', 250));
    home.clock.advance(60_000 + 58_700);
    expect(home.executor.prepared.size).toBe(0);
    home.clock.advance(700);
    expect(home.executor.prepared.size).toBe(1);
  });
});
