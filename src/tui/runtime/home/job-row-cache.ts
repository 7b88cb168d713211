import { type ActiveRun, areRunsEqual } from '../../home/active-run.ts';
import { findJobIndex } from '../../home/home-data.ts';
import { type JobParts, type JobRow, toJobRow } from '../../home/job-row.ts';

interface CachedRow {
  parts: JobParts;
  row: JobRow;
}

/** A row as it was and as it is; one of the two is missing when the job is new or gone. */
export interface RowChange {
  id: string;
  before: JobRow | undefined;
  now: JobRow | undefined;
}

/** The rows of all jobs, and which of them have become others. A row that says the same stays the same object. */
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

  /** Runs under way move on without a word about their jobs. */
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

  /** What has changed since the last call. */
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

/** The rows with others in the places of those that changed: of thousands it is a few at a time. */
function withRows(rows: readonly JobRow[], changes: readonly RowChange[]): readonly JobRow[] {
  const next = [...rows];
  for (const { id, now } of changes) {
    const place = findJobIndex(rows, id);
    if (place !== undefined && now !== undefined) next[place] = now;
  }
  return next;
}

/** `last` and `history` are made of the recent runs; another definition has another revision. */
const COMPARED_INDIRECTLY: readonly (keyof JobRow)[] = ['last', 'history', 'definition', 'tags'];

function isSameRow(one: CachedRow, other: CachedRow): boolean {
  if (one.parts.recent?.text !== other.parts.recent?.text) return false;
  if (one.parts.earlier?.runId !== other.parts.earlier?.runId) return false;
  return (Object.keys(one.row) as (keyof JobRow)[]).every(
    (key) => COMPARED_INDIRECTLY.includes(key) || one.row[key] === other.row[key],
  );
}
