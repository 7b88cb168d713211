import type { Workspace } from '../../../core/workspace.ts';
import { type ActiveRun, areRunsEqual } from '../../home/active-run.ts';
import { findJobIndex } from '../../home/home-data.ts';
import { type JobParts, type JobRow, toJobRow } from '../../home/job-row.ts';

interface CachedRow {
  parts: JobParts;
  row: JobRow;
}

/** A row before and after a change. One of the two is missing when the job is new or gone. */
export interface RowChange {
  id: string;
  before: JobRow | undefined;
  now: JobRow | undefined;
}

/** Caches the rows of all jobs and tracks which have changed. A row with the same content stays the same object. */
export class JobRowCache {
  readonly #cached = new Map<string, CachedRow>();
  #before = new Map<string, JobRow | undefined>();
  #rows: readonly JobRow[] = [];

  /** All rows, sorted by id, as of the last {@link takeChanges}. */
  get rows(): readonly JobRow[] {
    return this.#rows;
  }

  ids(): string[] {
    return [...this.#cached.keys()];
  }

  partsOf(id: string): JobParts | undefined {
    return this.#cached.get(id)?.parts;
  }

  put(parts: JobParts): void {
    const { id } = parts.entry;
    const known = this.#cached.get(id);
    const active = known && areRunsEqual(known.row.active, parts.active) ? known.row.active : parts.active;
    const row = toJobRow({ ...parts, active });
    if (known && isSameRow(known, { parts, row })) return;
    this.#note(id, known?.row);
    this.#cached.set(id, { parts: { ...parts, active }, row });
  }

  /** Updates the active runs of a job. They progress without a change event of the job. */
  putActive(id: string, active: readonly ActiveRun[]): void {
    const known = this.#cached.get(id);
    if (known && !areRunsEqual(known.row.active, active)) this.put({ ...known.parts, active });
  }

  remove(id: string): void {
    const known = this.#cached.get(id);
    if (!known) return;
    this.#note(id, known.row);
    this.#cached.delete(id);
  }

  /** Returns the changes since the last call. */
  takeChanges(): RowChange[] {
    if (this.#before.size === 0) return [];
    const changes = [...this.#before].map(([id, before]) => ({ id, before, now: this.#cached.get(id)?.row }));
    this.#before = new Map();
    const isListChanged = changes.some(({ before, now }) => before === undefined || now === undefined);
    this.#rows = isListChanged ? this.#sorted() : withRows(this.#rows, changes);
    return changes;
  }

  #sorted(): readonly JobRow[] {
    const rows = [...this.#cached.values()].map(({ row }) => row);
    return rows.sort((one, other) => (one.id < other.id ? -1 : 1));
  }

  #note(id: string, before: JobRow | undefined): void {
    if (!this.#before.has(id)) this.#before.set(id, before);
  }
}

/** Replaces the changed rows. Usually a few of thousands change at a time. */
function withRows(rows: readonly JobRow[], changes: readonly RowChange[]): readonly JobRow[] {
  const next = [...rows];
  for (const { id, now } of changes) {
    const place = findJobIndex(rows, id);
    if (place !== undefined && now !== undefined) next[place] = now;
  }
  return next;
}

/**
 * Not compared directly: `last` and `history` follow from the recent runs, and a changed definition has another
 * revision.
 */
const COMPARED_INDIRECTLY: readonly (keyof JobRow)[] = ['last', 'history', 'definition', 'tags'];

function isSameRow(one: CachedRow, other: CachedRow): boolean {
  if (one.parts.recent?.text !== other.parts.recent?.text) return false;
  if (one.parts.earlier?.runId !== other.parts.earlier?.runId) return false;
  return (Object.keys(one.row) as (keyof JobRow)[]).every(
    (key) => COMPARED_INDIRECTLY.includes(key) || one.row[key] === other.row[key],
  );
}

/** The time limit for reading configurations in one batch, in milliseconds. A batch blocks the process. */
const TIME_BUDGET_MS = 25;

const NO_HOSTS: readonly string[] = [];

/**
 * Caches the hosts of the configurations. Each configuration is read once, and again after a change. If thousands are
 * requested at once, those beyond the time limit have no hosts until {@link readMore}.
 */
export class HostCache {
  readonly #configs: Workspace['configs'];
  readonly #known = new Map<string, readonly string[] | null>();
  readonly #waiting = new Set<string>();
  #until = 0;

  constructor({ configs }: Pick<Workspace, 'configs'>) {
    this.#configs = configs;
  }

  /** Starts a new batch with the full time limit. */
  begin(): void {
    this.#until = performance.now() + TIME_BUDGET_MS;
  }

  /** `null` when the configuration does not exist. */
  hostsOf(configName: string | null): readonly string[] | null {
    if (configName === null) return NO_HOSTS;
    const known = this.#known.get(configName);
    if (known !== undefined) return known;
    if (performance.now() > this.#until) {
      this.#waiting.add(configName);
      return NO_HOSTS;
    }
    return this.#read(configName);
  }

  /** True while configurations have not been read yet. */
  get isBehind(): boolean {
    return this.#waiting.size > 0;
  }

  /** Reads the next batch of configurations. @returns their names */
  readMore(): ReadonlySet<string> {
    this.begin();
    const read = new Set<string>();
    for (const name of this.#waiting) {
      if (performance.now() > this.#until && read.size > 0) break;
      this.#read(name);
      read.add(name);
    }
    return read;
  }

  /** Removes a configuration that was written or deleted. */
  forget(configName: string): void {
    this.#known.delete(configName);
  }

  #read(name: string): readonly string[] | null {
    const hosts = this.#configs.hostsOf(name);
    this.#known.set(name, hosts);
    this.#waiting.delete(name);
    return hosts;
  }
}
