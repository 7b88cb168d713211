import * as z from 'zod';
import { once } from '../lib/once.ts';
import { systemTimezone } from '../schedule/engine/instant.ts';
import { listWorkers } from '../scheduler/executor-view.ts';
import { WorkerInvitations, workerNotFound } from '../workers/worker-invitations.ts';
import { type ListedWorker, WORKER_STATES } from '../workers/worker-list.ts';
import { setWorkerDrain } from '../workers/worker-records.ts';
import type { Workspace } from '../workspace.ts';
import { defineOperation, READ_ONLY } from './define-operation.ts';
import { formatInstantOrNull } from './operation-fields.ts';

/** What is known of a worker on another machine. */
export const workerOutput = once(() =>
  z.object({
    name: z.string(),
    tags: z.array(z.string()),
    state: z
      .enum(WORKER_STATES)
      .describe(
        'invited: it has not joined yet; expired: nor may it any more; silent: it is not heard; unusable: see problem',
      ),
    slots: z.int().describe('Runs that it executes at once; 0 before it has joined'),
    running: z.int(),
    version: z.string().nullable(),
    heard_s: z.int().nullable().describe('Seconds since it was heard, to half a minute'),
    problem: z.string().nullable().describe('Why it takes no runs'),
    skew_ms: z.int().nullable().describe('By how much its clock is ahead of this machine’s'),
  }),
);

/** The same with the instants of its invitation. */
const invitedWorkerOutput = once(() =>
  workerOutput().extend({
    invited_at: z.string().nullable(),
    joined_at: z.string().nullable(),
    revoked_at: z.string().nullable(),
  }),
);

export function toWorkerOutput(worker: ListedWorker, now: number): z.output<ReturnType<typeof workerOutput>> {
  const { name, tags, state, slots, running, version, lastSeen, skewMs, problem } = worker;
  return {
    name,
    tags: [...tags],
    state,
    slots,
    running,
    version,
    heard_s: lastSeen === null ? null : Math.max(0, Math.round((now - lastSeen) / 1000)),
    problem,
    skew_ms: skewMs,
  };
}

function toInvitedWorkerOutput(
  worker: ListedWorker,
  now: number,
): z.output<ReturnType<typeof invitedWorkerOutput>> {
  const zone = systemTimezone();
  return {
    ...toWorkerOutput(worker, now),
    invited_at: formatInstantOrNull(worker.invitedAt, zone),
    joined_at: formatInstantOrNull(worker.joinedAt, zone),
    revoked_at: formatInstantOrNull(worker.revokedAt, zone),
  };
}

const workerNameInput = once(() => z.string().min(1).describe('Of the worker'));

export const listWorkersOperation = defineOperation({
  name: 'list_workers',
  title: 'List the workers',
  description:
    'Workers on other machines: tags, slots, state, when last heard. A person invites them with worker invite.',
  input: () => z.strictObject({}),
  output: () => z.object({ workers: z.array(invitedWorkerOutput()) }),
  annotations: READ_ONLY,
  errors: [],
  handler: (workspace) => ({
    workers: listWorkers(workspace).map((worker) => toInvitedWorkerOutput(worker, workspace.clock.now())),
  }),
});

export const drainWorker = defineOperation({
  name: 'drain_worker',
  title: 'Drain a worker',
  description: 'Asks a worker to take no more runs and to end when its present ones have finished.',
  input: () =>
    z.strictObject({
      name: workerNameInput(),
      now: z.boolean().default(false).describe('Cancel its runs'),
    }),
  output: () => z.object({ worker: invitedWorkerOutput() }),
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  errors: ['worker_not_found'],
  handler(workspace, { name, now }) {
    const worker = findWorker(workspace, name);
    if (worker.lastSeen === null) throw workerNotFound(name, 'has never connected');
    // A drain is not made milder by a later request.
    setWorkerDrain(workspace.db, name, now || worker.drain === 2 ? 2 : 1);
    return { worker: toInvitedWorkerOutput(findWorker(workspace, name), workspace.clock.now()) };
  },
});

export const revokeWorker = defineOperation({
  name: 'revoke_worker',
  title: 'Revoke a worker',
  description:
    'Ends the invitation of a worker: its runs are abandoned, and only a person can invite it again.',
  input: () => z.strictObject({ name: workerNameInput() }),
  output: () => z.object({ worker: invitedWorkerOutput() }),
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  errors: ['worker_not_found'],
  async handler(workspace, { name }) {
    await new WorkerInvitations(workspace.paths, workspace.clock).revoke(name);
    return { worker: toInvitedWorkerOutput(findWorker(workspace, name), workspace.clock.now()) };
  },
});

function findWorker(workspace: Workspace, name: string): ListedWorker {
  const found = listWorkers(workspace).find((worker) => worker.name === name);
  if (found === undefined) throw workerNotFound(name);
  return found;
}
