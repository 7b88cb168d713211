import { revisionOf } from '../../core/configs/config-store.ts';
import { Trash, type TrashedJob } from '../../core/trash/trash.ts';
import type { Workspace } from '../../core/workspace.ts';
import { describeTrashedConfig, describeTrashedJob } from '../trash/describe-trashed.ts';
import type { TrashRow } from '../trash/trash-row.ts';

/** Reads what lies in a home's trash; a file is read once, as none there ever changes. */
export class TrashReader {
  readonly #trash: Trash;
  #rows = new Map<string, TrashRow>();

  constructor({ paths }: Pick<Workspace, 'paths'>) {
    this.#trash = new Trash(paths.trash);
  }

  /**
   * The latest deletion of each job, and every version of a configuration that was deleted or overwritten; the latest
   * first. `undefined` when nothing has changed since the last time.
   * @throws QuickscrapeError `store_unavailable`
   */
  read(): readonly TrashRow[] | undefined {
    const jobs = latestVersion(this.#trash.list());
    const configs = this.#trash.listConfigs();
    const rows = [
      ...jobs.map((job) => this.#row('job', job)),
      ...configs.map((config) => this.#row('config', config)),
    ].sort((one, other) => other.deletedAt - one.deletedAt);
    const isSame = rows.length === this.#rows.size && rows.every(({ file }) => this.#rows.has(file));
    this.#rows = new Map(rows.map((row) => [row.file, row]));
    return isSame && rows.length > 0 ? undefined : rows;
  }

  #row(kind: TrashRow['kind'], trashed: TrashedJob): TrashRow {
    const known = this.#rows.get(trashed.file);
    if (known !== undefined) return known;
    const text = this.#textOf(trashed);
    const { id, deletedAt, by, file } = trashed;
    if (kind === 'job')
      return { kind, id, deletedAt, by, file, about: describeTrashedJob(text), revision: null };
    return { kind, id, deletedAt, by, file, about: describeTrashedConfig(text), revision: revisionOf(text) };
  }

  /** Another process may just have brought it back. */
  #textOf(trashed: TrashedJob): string {
    try {
      return this.#trash.read(trashed);
    } catch {
      return '';
    }
  }
}

/** Of one job only the latest deletion can be restored. */
function latestVersion(deleted: readonly TrashedJob[]): TrashedJob[] {
  const seen = new Set<string>();
  return deleted.filter(({ id }) => !seen.has(id) && seen.add(id));
}
