import { expect, it } from 'vitest';
import { JobStates } from '../../../src/core/jobs/job-states.ts';
import { TempStore } from '../fs/temp-store.ts';

it('all rows, and some of them, are those that are read one by one', async () => {
  using home = new TempStore();
  const ids = ['a', 'b', 'c'];
  for (const id of ids) await home.create(id, { description: id });
  home.db.run(
    "UPDATE job_state SET status = 'failed', last_run = 5, last_run_id = 'r', failures = 2, strikes = 1, paused_at = 7, paused_after = 3 WHERE job_id = 'b'",
  );
  const states = new JobStates(home.db);
  for (const rows of [states.all(), states.of(ids)]) {
    for (const id of ids) {
      const one = states.get(id);
      expect(one).toMatchObject({ ...rows.get(id) });
      expect(rows.definitionHash(id)).toBe(one?.definition_hash);
    }
    expect(rows.get('d')).toBeUndefined();
  }
  expect(states.of(['b', 'd']).get('a')).toBeUndefined();
  expect(states.of([]).get('a')).toBeUndefined();
});

it('a row that contains the separator of rows does not shift the others', async () => {
  using home = new TempStore();
  for (const id of ['a', 'b', 'c']) await home.create(id, { description: id });
  const before = home.store.list().map(({ id }) => new JobStates(home.db).get(id));
  home.db.run(
    "INSERT INTO job_state (job_id, definition_hash, schedule_hash) VALUES ('a' || char(30) || 'x', char(30), char(30) || char(30))",
  );
  const states = new JobStates(home.db);
  for (const row of before) expect(row).toMatchObject({ ...states.all().get(row?.job_id ?? '') });
  expect(home.reopen().list()).toMatchObject([{ id: 'a' }, { id: 'b' }, { id: 'c' }]);
  expect(home.store.list().every((entry) => entry.kind === 'valid' && entry.record.revision === 1)).toBe(
    true,
  );
});
