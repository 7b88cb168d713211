import { expect, it } from 'vitest';
import { readExecutorState, writeExecutorState } from '../../../src/core/workers/executor-state.ts';
import type { WorkerInvitation } from '../../../src/core/workers/worker-invitations.ts';
import { joinWorkers } from '../../../src/core/workers/worker-list.ts';
import {
  forgetWorker,
  listWorkerRecords,
  readWorker,
  recordWorker,
  setWorkerDrain,
} from '../../../src/core/workers/worker-records.ts';
import { openTempWorkspace } from '../../temp-workspace.ts';

const REPORT = { name: 'a', tags: ['eu', 'browser'], slots: 4, running: 0, version: '1', skewMs: 12 };
const MINUTE = 60_000;

it('writes what is new at once, and else twice a minute', () => {
  const { db } = openTempWorkspace();
  recordWorker(db, REPORT, 1_000);
  expect(readWorker(db, 'a')).toEqual({
    ...REPORT,
    tags: ['browser', 'eu'],
    firstSeen: 1_000,
    lastSeen: 1_000,
    drain: 0,
    problem: null,
  });
  const lastSeen = () => readWorker(db, 'a')?.lastSeen;
  recordWorker(db, { ...REPORT, skewMs: 300 }, 30_999);
  expect(lastSeen()).toBe(1_000);
  recordWorker(db, REPORT, 31_000);
  expect(lastSeen()).toBe(31_000);
  for (const [at, change] of [
    { running: 1 },
    { slots: 5 },
    { version: '2' },
    { tags: ['eu'] },
    { skewMs: 2_000 },
  ].entries()) {
    recordWorker(db, { ...REPORT, ...change }, 31_001 + 2 * at);
    expect(lastSeen()).toBe(31_001 + 2 * at);
    recordWorker(db, REPORT, 31_002 + 2 * at);
  }
});

it('keeps a drain while the worker goes on to speak, until it is forgotten', () => {
  const { db } = openTempWorkspace();
  expect(setWorkerDrain(db, 'a', 1)).toBe(false);
  recordWorker(db, REPORT, 1_000);
  expect(setWorkerDrain(db, 'a', 2)).toBe(true);
  recordWorker(db, { ...REPORT, running: 1 }, 2_000);
  expect(listWorkerRecords(db)).toMatchObject([{ drain: 2, running: 1, firstSeen: 1_000 }]);
  forgetWorker(db, 'a');
  expect(listWorkerRecords(db)).toEqual([]);
});

it('says in which state each worker is', () => {
  const { db } = openTempWorkspace();
  const now = 100 * 24 * 60 * MINUTE;
  const invitation = (name: string, change: Partial<WorkerInvitation> = {}): [string, WorkerInvitation] => [
    name,
    { name, salt: 's', tags: ['x'], invitedAt: now - MINUTE, joinedAt: null, revokedAt: null, ...change },
  ];
  const invitations = new Map([
    invitation('connected', { joinedAt: now }),
    invitation('draining', { joinedAt: now }),
    invitation('expired', { invitedAt: now - 8 * 24 * 60 * MINUTE }),
    invitation('invited'),
    invitation('never-heard', { joinedAt: now }),
    invitation('revoked', { joinedAt: now, revokedAt: now }),
    invitation('silent', { joinedAt: now }),
  ]);
  for (const name of ['connected', 'draining', 'revoked', 'stranger'])
    recordWorker(db, { ...REPORT, name }, now - 2 * MINUTE);
  recordWorker(db, { ...REPORT, name: 'silent' }, now - 2 * MINUTE - 1);
  setWorkerDrain(db, 'draining', 1);
  const listed = joinWorkers(invitations, listWorkerRecords(db), { now, lostAfterMs: 90_000 });
  expect(listed.map(({ name, state }) => [name, state])).toEqual([
    ['connected', 'connected'],
    ['draining', 'draining'],
    ['expired', 'expired'],
    ['invited', 'invited'],
    ['never-heard', 'silent'],
    ['revoked', 'revoked'],
    ['silent', 'silent'],
    ['stranger', 'revoked'],
  ]);
  expect(listed[0]).toMatchObject({ tags: ['x'], slots: 4, version: '1', lastSeen: now - 2 * MINUTE });
  expect(joinWorkers(undefined, [], { now, lostAfterMs: 90_000 })).toEqual([]);
});

it('remembers how the executor reaches its workers, and ignores a damaged row', () => {
  const { db } = openTempWorkspace();
  expect(readExecutorState(db)).toBeUndefined();
  writeExecutorState(db, { redis: 'away', since: 5, problem: 'NOAUTH' });
  expect(readExecutorState(db)).toEqual({ redis: 'away', since: 5, problem: 'NOAUTH' });
  for (const text of ['', '{', '[]', '{"redis":"lost","since":5}', '{"redis":"away"}']) {
    db.run('UPDATE facts SET value = ? WHERE name = ?', [text, 'executor_state']);
    expect(readExecutorState(db)).toBeUndefined();
  }
});
