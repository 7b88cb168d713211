import { expect, it } from 'vitest';
import { clockedHome } from '../../clocked-home.ts';
import { FakeFileSystem } from '../fs/fake-file-system.ts';
import { stoppedClock, TempStore } from '../fs/temp-store.ts';

const HOUR = 3_600_000;

it('an occurrence that an edit at that very moment has declared past is not run, and the watermark stays', async () => {
  const home = clockedHome('2026-11-25T12:30:00Z');
  await home.job('a', '0 * * * *');
  // Another process writes its edit into the database right before the scheduler's timer is called.
  const edited = Date.parse('2026-11-25T13:00:00.400Z');
  home.clock.setTimer(() => home.workspace.db.run('UPDATE job_state SET watermark = ?', [edited]), HOUR / 2);
  home.begin();
  home.clock.advance(HOUR / 2 + 5_000);
  expect(home.outcomes('a')).toEqual([]);
  expect(home.watermark('a')).toBe(edited);
  home.clock.advance(HOUR);
  expect(home.outcomes('a')).toEqual(['14:00:00 succeeded schedule']);
});

it('an edit does not take back what the scheduler has decided meanwhile', async () => {
  const system = new FakeFileSystem();
  using temp = new TempStore(stoppedClock('2026-11-25T12:00:00Z'), system);
  await temp.create('a');
  const decided = Date.parse('2026-11-25T13:00:00Z');
  system.tell = () => temp.db.run('UPDATE job_state SET watermark = ?', [decided]);
  await temp.store.update('a', { description: 'edited' }, { by: 'cli' });
  expect(temp.valid('a').state.decidedUntil).toBe(decided);
});
