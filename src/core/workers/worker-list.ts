import { isExpired, type WorkerInvitation } from './worker-invitations.ts';
import { type DrainLevel, RECORD_INTERVAL_MS, type WorkerRecord } from './worker-records.ts';

/**
 * `connected`: heard of lately; `unusable`: it is there, and cannot take runs; `draining`: it takes no more runs; `silent`: not heard of for `worker_lost_after`;
 * `invited`: it has not joined yet; `expired`: nor did it in time; `revoked`: the home does not answer it.
 */
export type WorkerState = (typeof WORKER_STATES)[number];

export const WORKER_STATES = [
  'connected',
  'unusable',
  'draining',
  'silent',
  'invited',
  'expired',
  'revoked',
] as const;

/** A worker on another machine: its invitation and what was heard of it. Instants in epoch milliseconds. */
export interface ListedWorker {
  name: string;
  tags: readonly string[];
  state: WorkerState;
  /** 0 when nothing was heard of it yet. */
  slots: number;
  running: number;
  version: string | null;
  lastSeen: number | null;
  skewMs: number | null;
  drain: DrainLevel;
  /** Why it takes no runs, although it is there. */
  problem: string | null;
  /** `null` for one that is not in `workers.json`. */
  invitedAt: number | null;
  joinedAt: number | null;
  revokedAt: number | null;
}

/** What decides the state of a worker. */
interface ListContext {
  now: number;
  /** The setting `worker_lost_after`, in milliseconds. */
  lostAfterMs: number;
}

/** Joins invitations and what was heard, by name. A worker without an invitation counts as revoked. */
export function joinWorkers(
  invitations: ReadonlyMap<string, WorkerInvitation> | undefined,
  records: readonly WorkerRecord[],
  context: ListContext,
): ListedWorker[] {
  const heard = new Map(records.map((record) => [record.name, record]));
  const names = [...new Set([...(invitations?.keys() ?? []), ...heard.keys()])].sort();
  return names.map((name) => {
    const [invitation, record] = [invitations?.get(name), heard.get(name)];
    const state = workerState(invitation, record, context);
    return {
      name,
      tags: invitation?.tags ?? record?.tags ?? [],
      state,
      slots: record?.slots ?? 0,
      running: state === 'revoked' ? 0 : (record?.running ?? 0),
      version: record?.version ?? null,
      lastSeen: record?.lastSeen ?? null,
      skewMs: record?.skewMs ?? null,
      drain: record?.drain ?? 0,
      problem: record?.problem ?? null,
      invitedAt: invitation?.invitedAt ?? null,
      joinedAt: invitation?.joinedAt ?? null,
      revokedAt: invitation?.revokedAt ?? null,
    };
  });
}

function workerState(
  invitation: WorkerInvitation | undefined,
  record: WorkerRecord | undefined,
  { now, lostAfterMs }: ListContext,
): WorkerState {
  if (invitation === undefined || invitation.revokedAt !== null) return 'revoked';
  if (record === undefined) {
    if (isExpired(invitation, now)) return 'expired';
    return invitation.joinedAt === null ? 'invited' : 'silent';
  }
  if (!isHeardLately(record.lastSeen, now, lostAfterMs)) return 'silent';
  if (record.drain !== 0) return 'draining';
  return record.problem === null ? 'connected' : 'unusable';
}

/** Whether a worker counts as there. The row of a worker that is there may be as old as its interval of writing. */
export function isHeardLately(lastSeen: number, now: number, lostAfterMs: number): boolean {
  return now - lastSeen <= lostAfterMs + RECORD_INTERVAL_MS;
}
