import type { HomePaths } from '../../core/fs/paths.ts';
import type { Clock } from '../../core/lib/clock.ts';
import { tagsOfPool } from '../../core/model/worker-names.ts';
import {
  type InvitedWorkers,
  isAccepted,
  type WorkerInvitation,
  WorkerInvitations,
} from '../../core/workers/worker-invitations.ts';
import { homeQueueId, poolKey, poolKeysOf, workerKey } from '../protocol/keys.ts';

/** The keys of a home and its workers, as `workers.json` says: derived once, and again when the file has changed. */
export class InvitedKeys {
  readonly #invitations: WorkerInvitations;
  readonly #clock: Clock;
  #invited: InvitedWorkers;
  #workerKeys = new Map<string, Uint8Array>();
  readonly #poolKeys = new Map<string, Uint8Array>();
  /** The workers whose invitations are to be marked as used: together, because each edit takes a lock. */
  readonly #joining = new Set<string>();
  #isMarking = false;
  readonly homeId: string;

  /** @throws QuickscrapeError `invalid_config` when the file cannot be used; `worker_not_found` when there is none */
  constructor(paths: HomePaths, clock: Clock) {
    this.#invitations = new WorkerInvitations(paths, clock);
    this.#clock = clock;
    this.#invited = this.#invitations.read() ?? NOBODY;
    this.homeId = homeQueueId(this.#invited.key);
  }

  /** Reads the file again; keeps what is known while it cannot be read. */
  refresh(): void {
    try {
      const invited = this.#invitations.read();
      if (invited === undefined || invited === this.#invited) return;
      this.#invited = invited;
      this.#workerKeys = new Map();
    } catch {
      // `doctor` and `scheduler status` say what is wrong with it.
    }
  }

  invitation(name: string): WorkerInvitation | undefined {
    return this.#invited.workers.get(name);
  }

  /** Whether the home answers a worker. A revoked one keeps its key, so that it can be told. */
  isAccepted(name: string): boolean {
    return isAccepted(this.invitation(name), this.#clock.now());
  }

  /** Records that a worker has used its invitation; a failure is repaired with its next letter. */
  markJoined(name: string): void {
    if (this.invitation(name)?.joinedAt !== null) return;
    this.#joining.add(name);
    if (!this.#isMarking) void this.#markAllJoined();
  }

  async #markAllJoined(): Promise<void> {
    this.#isMarking = true;
    while (this.#joining.size > 0) {
      const names = [...this.#joining];
      this.#joining.clear();
      await this.#invitations.markJoined(names).catch(() => {});
    }
    this.#isMarking = false;
  }

  ofWorker(name: string): Uint8Array | undefined {
    const invitation = this.invitation(name);
    if (invitation === undefined) return undefined;
    const known = this.#workerKeys.get(name);
    if (known) return known;
    const key = workerKey(this.#invited.key, name, invitation.salt);
    this.#workerKeys.set(name, key);
    return key;
  }

  ofPool(pool: string): Uint8Array {
    const known = this.#poolKeys.get(pool);
    if (known) return known;
    const key = poolKey(poolKeysOf(this.#invited.key, tagsOfPool(pool)), pool) ?? Buffer.alloc(0);
    this.#poolKeys.set(pool, key);
    return key;
  }
}

const NOBODY: InvitedWorkers = { key: Buffer.alloc(32), workers: new Map() };
