import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { StoreLock } from '../database/locks.ts';
import { writeFileDurably } from '../fs/atomic-file.ts';
import type { HomePaths } from '../fs/paths.ts';
import { readRegularFile, UnreadableFileError } from '../fs/read-regular-file.ts';
import { unavailable } from '../fs/system-errors.ts';
import { type Clock, DAY_MS } from '../lib/clock.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { describeUpgrade } from '../lib/installation.ts';
import { isRecord, tryParseJson } from '../lib/json.ts';
import { isWorkerName, MAX_WORKER_TAGS, parseWorkerName } from '../model/worker-names.ts';

/** The right of a worker on another machine to execute runs of this home; instants in epoch milliseconds. */
export interface WorkerInvitation {
  readonly name: string;
  /** Part of the derivation of its key: each new invitation has another key. */
  readonly salt: string;
  /** Sorted. */
  readonly tags: readonly string[];
  readonly invitedAt: number;
  /** When the worker used it for the first time. */
  readonly joinedAt: number | null;
  readonly revokedAt: number | null;
}

/** What `workers.json` holds: the key from which all others are derived, and the invitations by name. */
export interface InvitedWorkers {
  readonly key: Buffer;
  readonly workers: ReadonlyMap<string, WorkerInvitation>;
}

const VERSION = 1;
const KEY_BYTES = 32;
const SALT_BYTES = 16;
/** An invitation that was not used for this long has expired. */
const UNUSED_DAYS = 7;
const MAX_FILE_BYTES = 4 * 1024 * 1024;
const FIX_HINT =
  'Restore the file from a backup, or fix it in an editor. If you delete it, every worker has to be invited again.';

/** Whether an invitation can no longer be used, because no worker did in time. */
export function isExpired({ invitedAt, joinedAt }: WorkerInvitation, now: number): boolean {
  return joinedAt === null && now - invitedAt > UNUSED_DAYS * DAY_MS;
}

/** Whether the home answers this worker. */
export function isAccepted(invitation: WorkerInvitation | undefined, now: number): boolean {
  return invitation !== undefined && invitation.revokedAt === null && !isExpired(invitation, now);
}

/**
 * The invitations of a home, in `workers.json` (mode 0600). A file that cannot be used is an `invalid_config` error and
 * is never overwritten: its key cannot be made again.
 */
export class WorkerInvitations {
  readonly file: string;
  readonly #lockFile: string;
  readonly #clock: Clock;

  #last: { text: string; invited: InvitedWorkers } | undefined;

  constructor(paths: HomePaths, clock: Clock) {
    this.file = paths.workers;
    this.#lockFile = join(paths.locks, 'store.db');
    this.#clock = clock;
  }

  /**
   * Reads the file; `undefined` when there is none.
   * @throws QuickscrapeError `invalid_config` that names file and field; `store_unavailable`
   */
  read(): InvitedWorkers | undefined {
    const text = this.#text();
    if (text === undefined) return undefined;
    // The scheduler reads it each second.
    if (text !== this.#last?.text) this.#last = { text, invited: parseFile(text, this.file) };
    return this.#last.invited;
  }

  /**
   * Invites a worker, with a key of its own. An expired or revoked invitation of this name is replaced.
   * @returns the invitation and the home's key
   * @throws QuickscrapeError `invalid_params` for a name or tag that is not allowed; `conflict` when it is invited
   *   already
   */
  async invite(
    name: string,
    tags: readonly string[],
  ): Promise<{ key: Buffer; invitation: WorkerInvitation }> {
    parseWorkerName(name, 'name');
    const sorted = [...new Set(tags.map((tag) => parseWorkerName(tag, 'tags')))].sort();
    if (sorted.length > MAX_WORKER_TAGS) {
      throw new QuickscrapeError('invalid_params', `tags: a worker has at most ${MAX_WORKER_TAGS} tags`, {
        field: 'tags',
      });
    }
    return this.#edit((invited) => {
      const now = this.#clock.now();
      const present = invited.workers.get(name);
      if (present !== undefined && isAccepted(present, now)) throw alreadyInvited(present);
      const invitation: WorkerInvitation = {
        name,
        salt: randomBytes(SALT_BYTES).toString('base64url'),
        tags: sorted,
        invitedAt: now,
        joinedAt: null,
        revokedAt: null,
      };
      invited.workers.set(name, invitation);
      return { key: invited.key, invitation };
    });
  }

  /**
   * Makes the file if there is none: the key in it also gives the home its id in Redis, before the first invitation.
   * @throws QuickscrapeError `store_unavailable`
   */
  async prepare(): Promise<void> {
    if (this.read() === undefined) await this.#edit(() => {});
  }

  /** Records that workers have used their invitations; nothing changes for those that have already, or are not accepted. */
  async markJoined(names: readonly string[]): Promise<void> {
    const now = this.#clock.now();
    const isNew = (one: WorkerInvitation | undefined): one is WorkerInvitation =>
      one?.joinedAt === null && isAccepted(one, now);
    const before = this.read();
    if (!names.some((name) => isNew(before?.workers.get(name)))) return;
    await this.#edit(({ workers }) => {
      for (const name of names) {
        const invitation = workers.get(name);
        if (isNew(invitation)) workers.set(name, { ...invitation, joinedAt: now });
      }
    });
  }

  /**
   * Revokes an invitation: the home answers this worker no more. Revoking it again changes nothing.
   * @throws QuickscrapeError `worker_not_found`
   */
  async revoke(name: string): Promise<WorkerInvitation> {
    return this.#edit(({ workers }) => {
      const invitation = workers.get(name);
      if (invitation === undefined) throw workerNotFound(name);
      if (invitation.revokedAt !== null) return invitation;
      const revoked = { ...invitation, revokedAt: this.#clock.now() };
      workers.set(name, revoked);
      return revoked;
    });
  }

  async #edit<T>(
    change: (invited: { key: Buffer; workers: Map<string, WorkerInvitation> }) => T,
  ): Promise<T> {
    const lock = new StoreLock(this.#lockFile);
    try {
      return await lock.withLock(async () => {
        const before = this.#text();
        const { key, workers } =
          before === undefined
            ? { key: randomBytes(KEY_BYTES), workers: new Map() }
            : parseFile(before, this.file);
        const edited = { key, workers: new Map(workers) };
        const result = change(edited);
        const text = formatFile(edited);
        if (text !== before) await writeFileDurably(this.file, text);
        return result;
      });
    } finally {
      lock.close();
    }
  }

  #text(): string | undefined {
    try {
      return readRegularFile(this.file, MAX_FILE_BYTES).toString('utf8');
    } catch (error) {
      if (error instanceof UnreadableFileError)
        throw new QuickscrapeError('invalid_config', error.message, { hint: FIX_HINT });
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw unavailable(`cannot read ${this.file}`, error);
    }
  }
}

/** The error for a worker that is neither invited nor known, or, with `what`, lacks what a request needs. */
export function workerNotFound(name: string, what?: string): QuickscrapeError {
  const shown = JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
  const message = what === undefined ? `there is no worker ${shown}` : `worker ${shown} ${what}`;
  return new QuickscrapeError('worker_not_found', message, {
    field: 'name',
    hint: { id: 'list_workers' },
  });
}

function alreadyInvited({ name, joinedAt }: WorkerInvitation): QuickscrapeError {
  const what = joinedAt === null ? 'is invited already' : 'is invited already, and has joined';
  return new QuickscrapeError('conflict', `worker ${name} ${what}`, {
    field: 'name',
    hint: { id: 'revoke_worker', worker: name },
  });
}

function formatFile({ key, workers }: InvitedWorkers): string {
  const entries = [...workers.values()].map(
    ({ name, salt, tags, invitedAt, joinedAt, revokedAt }) =>
      [
        name,
        {
          salt,
          tags,
          invited_at: formatInstant(invitedAt),
          joined_at: formatInstant(joinedAt),
          revoked_at: formatInstant(revokedAt),
        },
      ] as const,
  );
  const content = { version: VERSION, key: key.toString('base64'), workers: Object.fromEntries(entries) };
  return `${JSON.stringify(content, null, 2)}\n`;
}

function formatInstant(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

function parseFile(text: string, file: string): InvitedWorkers {
  const content = tryParseJson(text);
  const wrong = (field: string, allowed: string) => invalidFile(file, field, allowed);
  if (!isRecord(content)) throw wrong('', 'a JSON object');
  if (content['version'] !== VERSION) {
    throw new QuickscrapeError(
      'invalid_config',
      `${file}: version: this version of QuickScrape reads version ${VERSION} of this file`,
      { hint: describeUpgrade() },
    );
  }
  const key = Buffer.from(String(content['key']), 'base64');
  if (key.length !== KEY_BYTES) throw wrong('key', `${KEY_BYTES} bytes in base64`);
  if (!isRecord(content['workers'])) throw wrong('workers', 'an object with workers by their names');
  const workers = new Map<string, WorkerInvitation>();
  for (const [name, entry] of Object.entries(content['workers'])) {
    const at = `workers.${name}`;
    if (!isWorkerName(name)) throw wrong(at, 'named with lower-case letters, digits and "-"');
    if (!isRecord(entry)) throw wrong(at, 'an object');
    const { salt, tags } = entry;
    if (typeof salt !== 'string' || salt === '') throw wrong(`${at}.salt`, 'a text that is not empty');
    if (!isTagList(tags)) throw wrong(`${at}.tags`, `an array of at most ${MAX_WORKER_TAGS} tags`);
    const invitedAt = parseInstant(entry['invited_at']);
    const joinedAt = parseInstant(entry['joined_at']);
    const revokedAt = parseInstant(entry['revoked_at']);
    if (typeof invitedAt !== 'number') throw wrong(`${at}.invited_at`, INSTANT);
    if (joinedAt === undefined) throw wrong(`${at}.joined_at`, `${INSTANT}, or null`);
    if (revokedAt === undefined) throw wrong(`${at}.revoked_at`, `${INSTANT}, or null`);
    workers.set(name, { name, salt, tags: [...tags].sort(), invitedAt, joinedAt, revokedAt });
  }
  return { key, workers };
}

const INSTANT = 'an instant such as 2026-11-25T08:00:00.000Z';

function parseInstant(value: unknown): number | null | undefined {
  if (value === null) return null;
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}

function isTagList(value: unknown): value is string[] {
  const isTag = (tag: unknown) => typeof tag === 'string' && isWorkerName(tag);
  return Array.isArray(value) && value.length <= MAX_WORKER_TAGS && value.every(isTag);
}

/** The value is never repeated, because the file holds the home's key. */
function invalidFile(file: string, field: string, allowed: string): QuickscrapeError {
  const what = field === '' ? '' : `${field}: `;
  const message = `${what}must be ${allowed}`;
  return new QuickscrapeError('invalid_config', `${file}: ${message}`, {
    hint: FIX_HINT,
    issues: [{ path: field, message, file }],
  });
}
