import { describe, expect } from 'vitest';
import { it } from '../../clocked-home.ts';
import { AT_1201, endsOf, HALF_SECOND_BEFORE, halfSecondBefore } from './half-second-before.ts';

describe('a run is prepared', () => {
  it('two seconds before its occurrence, and not sooner', async ({ home }) => {
    await home.job('a', AT_1201);
    home.begin();
    home.clock.advance(57_999);
    expect(home.executor.prepared.size).toBe(0);
    home.clock.advance(1);
    const [runId] = home.executor.prepared;
    expect(home.outcomes('a')).toEqual([]);
    home.clock.advance(2_000);
    expect(home.workspace.runs.list({ jobId: 'a' }).runs.map((run) => run.runId)).toEqual([runId]);
    expect(home.outcomes('a')).toEqual(['12:01:00 succeeded schedule']);
    expect(home.executor.begun).toEqual([runId]);
    expect(endsOf(home)).toEqual({ begun: 1, discarded: 0 });
  });

  it('for each occurrence of a job that is due every second', async ({ home }) => {
    await home.job('a', '* * * * * *');
    home.begin();
    home.clock.advance(10_500);
    expect(home.decided('a')).toHaveLength(10);
    expect(home.executor.begun).toHaveLength(10);
    expect(home.executor.prepared.size).toBe(1);
    expect(home.executor.discarded).toEqual([]);
  });

  it('when the run before has finished, if it is active two seconds before', async ({ home }) => {
    home.executor.runDurationMs = 4_500;
    await home.job('a', '*/5 * * * * *');
    home.begin();
    home.clock.advance(5_000 + 4_400);
    expect(home.executor.prepared.size).toBe(0);
    home.clock.advance(200);
    expect(home.executor.prepared.size).toBe(1);
    home.clock.advance(400);
    expect(home.executor.begun).toHaveLength(2);
  });

  it('for one of two jobs that are due at once with one slot: the one that begins first', async ({
    home,
  }) => {
    for (const id of ['a', 'b', 'c']) await home.job(id, AT_1201, { priority: id === 'b' ? 5 : 0 });
    home.executor.runDurationMs = 10_000;
    home.begin(1);
    home.clock.advance(59_999);
    expect(home.executor.prepared.size).toBe(1);
    home.clock.advance(1);
    expect(home.outcomes('b')).toEqual(['12:01:00 running schedule']);
    expect(endsOf(home)).toEqual({ begun: 1, discarded: 0 });
    home.clock.advance(30_000);
    expect(['a', 'b', 'c'].flatMap(home.outcomes)).toEqual(Array(3).fill('12:01:00 succeeded schedule'));
  });

  it('for those of many equal jobs that begin at their instant', async ({ home }) => {
    home.jobFiles(
      Array.from({ length: 120 }, (_, index) => `job-${index}`),
      AT_1201,
    );
    home.executor.runDurationMs = 10_000;
    home.begin(4);
    home.clock.advance(60_000);
    expect(home.workspace.runs.active().filter(({ status }) => status === 'running')).toHaveLength(4);
    expect(endsOf(home)).toEqual({ begun: 4, discarded: 0 });
  });

  it('beside those that wait already, as slots allow', async ({ home }) => {
    await home.job('a', AT_1201);
    await home.job('b', '1 1 12 * * *');
    await home.job('c', '1 1 12 * * *');
    home.begin(2);
    home.clock.advance(59_999);
    expect(home.executor.prepared.size).toBe(2);
    home.clock.advance(2_000);
    expect(home.executor.begun.length + home.executor.discarded.length).toBe(3);
    expect(home.executor.discarded).toEqual([]);
  });

  it('also when occurrences follow each other more closely than it looks', async ({ home }) => {
    for (let second = 10; second < 20; second += 1) await home.job(`at-${second}`, `${second} 0 12 * * *`);
    home.begin(4);
    home.clock.advance(21_000);
    expect(endsOf(home)).toEqual({ begun: 10, discarded: 0 });
  });

  it('for a small fixed offset', async () => {
    const { home } = await halfSecondBefore({ stagger: 1 });
    expect(home.executor.prepared.size).toBe(1);
    home.clock.advance(1_500);
    expect(endsOf(home)).toEqual({ begun: 1, discarded: 0 });
  });
});

describe('nothing is prepared', () => {
  it.each([
    ['for a disabled job', { enabled: false }],
    ['for a run that may start much later', { jitter: 30 }],
    ['for a fixed offset that is long', { stagger: 86_400 }],
  ])('%s', async (_, fields) => {
    const { home } = await halfSecondBefore(fields);
    expect(home.executor.prepared.size).toBe(0);
  });

  it.for(['skip', 'queue', 'cancel_running'])(
    'while a run of the job is active (%s)',
    async (overlap, { home }) => {
      home.executor.runDurationMs = undefined;
      await home.job('a', '* * * * *', { overlap });
      home.begin();
      home.clock.advance(60_000 + HALF_SECOND_BEFORE);
      expect(home.executor.begun).toHaveLength(1);
      expect(home.executor.prepared.size).toBe(0);
    },
  );

  it('for a paused job', async ({ home }) => {
    await home.job('a', AT_1201, { pause_after_failures: 1 });
    home.workspace.db.run(`UPDATE job_state SET paused_at = ?, paused_after = 1 WHERE job_id = 'a'`, [
      home.clock.now(),
    ]);
    home.begin();
    home.clock.advance(HALF_SECOND_BEFORE);
    expect(home.executor.prepared.size).toBe(0);
    home.clock.advance(1_000);
    expect(home.outcomes('a')).toEqual(['12:01:00 skipped schedule']);
  });

  it('while all slots are taken; as soon as one is free it is', async ({ home }) => {
    home.executor.runDurationMs = 58_000;
    await home.job('a', '1 0 12 * * *');
    await home.job('b', AT_1201);
    home.begin(1);
    home.clock.advance(58_900);
    expect(home.executor.prepared.size).toBe(0);
    home.clock.advance(200);
    expect(home.executor.prepared.size).toBe(1);
  });

  it('when there is too little time left to begin the sooner', async ({ home }) => {
    home.executor.runDurationMs = 58_800;
    await home.job('a', '1 0 12 * * *');
    await home.job('b', AT_1201);
    home.begin(1);
    home.clock.advance(59_950);
    expect(home.executor.begun).toHaveLength(1);
    expect(home.executor.prepared.size).toBe(0);
    home.clock.advance(50);
    expect(home.outcomes('b')).toEqual(['12:01:00 running schedule']);
    expect(home.executor.begun).toHaveLength(1);
  });

  it('while the disk is full', async ({ home }) => {
    await home.workspace.settings.set('min_free_space', 1_000_000);
    await home.job('a', AT_1201);
    home.begin();
    home.clock.advance(HALF_SECOND_BEFORE);
    expect(home.executor.prepared.size).toBe(0);
  });

  it('on a host that is busy enough', async ({ home }) => {
    await home.workspace.settings.set('max_runs_per_host', 1);
    await home.workspace.configs.write('shop', 'url: "http://shop.test/"\nselectors:\n  name: b\n');
    for (const id of ['a', 'b']) await home.job(id, AT_1201, { config_name: 'shop' });
    home.begin();
    home.clock.advance(HALF_SECOND_BEFORE);
    expect(home.executor.prepared.size).toBe(1);
    home.clock.advance(500);
    expect(endsOf(home)).toEqual({ begun: 1, discarded: 0 });
  });
});

it('a run starts all the same when it could not be prepared', async ({ home }) => {
  await home.job('a', AT_1201);
  let tries = 0;
  home.executor.prepare = () => {
    tries += 1;
    throw new Error('no process can be made');
  };
  home.begin();
  home.clock.advance(60_000);
  expect(home.outcomes('a')).toEqual(['12:01:00 succeeded schedule']);
  expect(tries).toBe(1);
  expect(home.said.join()).toContain('no process can be made');
});

describe('one that cannot be prepared', () => {
  it('fails alone, and is logged once', async ({ home }) => {
    for (const id of ['a', 'b', 'c']) await home.job(id, AT_1201, { priority: id === 'a' ? 9 : 0 });
    await home.job('later', '1,2 1 12 * * *');
    const prepare = home.executor.prepare.bind(home.executor);
    let tries = 0;
    home.executor.prepare = (runId) => {
      tries += 1;
      if (tries === 1 || tries > 4) throw new Error('no process can be made');
      prepare(runId);
    };
    home.begin(8);
    home.clock.advance(59_999);
    expect([tries, home.executor.prepared.size]).toEqual([4, 3]);
    home.clock.advance(10_000);
    expect(tries).toBe(5);
    expect(endsOf(home)).toEqual({ begun: 3, discarded: 0 });
    expect(['a', 'b', 'c', 'later'].flatMap(home.outcomes)).toHaveLength(5);
    expect(home.said).toHaveLength(1);
  });

  it('does not keep others from being looked for when it was the first of all', async ({ home }) => {
    await home.job('a', '0 1 12 * * *');
    await home.job('b', '1 1 12 * * *');
    const prepare = home.executor.prepare.bind(home.executor);
    home.executor.prepare = (runId) => {
      home.executor.prepare = prepare;
      throw new Error(`no process can be made for ${runId}`);
    };
    home.begin();
    home.clock.advance(59_000 + 200);
    expect(home.executor.prepared.size).toBe(1);
  });

  it('while the database fails is prepared as soon as it does not', async ({ home }) => {
    await home.job('a', AT_1201);
    home.begin();
    home.clock.advance(57_000);
    const some = home.workspace.jobs.getMany.bind(home.workspace.jobs);
    home.workspace.jobs.getMany = () => {
      home.workspace.jobs.getMany = some;
      throw new Error('the database is locked');
    };
    home.clock.advance(1_000);
    expect(home.executor.prepared.size).toBe(0);
    home.clock.advance(1_000);
    expect(home.executor.prepared.size).toBe(1);
    expect(home.said.join()).toContain('the database is locked');
  });
});

it('a run that was prepared is decided anew when the database failed at its instant', async () => {
  const { home } = await halfSecondBefore();
  const { db } = home.workspace;
  db.run(`CREATE TRIGGER full BEFORE INSERT ON runs BEGIN SELECT RAISE(ABORT, 'no room'); END`);
  home.clock.advance(600);
  expect(home.outcomes('a')).toEqual([]);
  db.run('DROP TRIGGER full');
  home.clock.advance(1_000);
  expect(home.outcomes('a')).toEqual(['12:01:00 succeeded schedule']);
  expect(endsOf(home)).toEqual({ begun: 1, discarded: 0 });
});
