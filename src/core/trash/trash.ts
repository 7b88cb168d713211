import { readdirSync, readFileSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type FileSystem, nodeFileSystem, writeFileDurably } from '../fs/atomic-file.ts';
import { makePrivateFolder } from '../fs/private-folder.ts';
import { unavailable, wrapUnavailable } from '../fs/system-errors.ts';
import { DAY_MS } from '../lib/clock.ts';
import { ACTORS, type Actor } from '../model/definition.ts';

const JOB = /^(.+?)\.(\d+)(?:\.([a-z]+))?\.json$/;
const CONFIG = /^(.+?)\.(\d+)(?:\.([a-z]+))??(\.overwritten)?\.yaml$/;

/** A deleted job's file. */
export interface TrashedJob {
  id: string;
  /** Epoch milliseconds. */
  deletedAt: number;
  /** Who deleted it; `null` when unknown. */
  by: Actor | null;
  file: string;
}

/** A configuration that was deleted, or a version of it that was overwritten. */
export interface TrashedConfig extends TrashedJob {
  reason: TrashReason;
}

type TrashReason = 'deleted' | 'overwritten';

/**
 * The trash: deleted jobs as `trash/<id>.<deletedAt>.<by>.json`, and deleted or overwritten configurations as
 * `trash/<name>.<deletedAt>.<by>.yaml`, the latter with `.overwritten` before the ending. `.<by>` is left out when the
 * author is unknown.
 */
export class Trash {
  readonly #folder: string;
  readonly #fileSystem: FileSystem;

  constructor(folder: string, fileSystem: FileSystem = nodeFileSystem) {
    this.#folder = folder;
    this.#fileSystem = fileSystem;
  }

  async put(id: string, text: string, deletedAt: number, by: Actor): Promise<TrashedJob> {
    const file = join(this.#folder, `${id}.${deletedAt}.${by}.json`);
    await this.#write(file, text);
    return { id, deletedAt, by, file };
  }

  /** Stores the text of a configuration. A version from the same millisecond is not overwritten. */
  async putConfig(
    name: string,
    yaml: string,
    now: number,
    by: Actor | null,
    reason: TrashReason,
  ): Promise<TrashedConfig> {
    const known = new Set(
      this.listConfigs().flatMap(({ id, deletedAt }) => (id === name ? [deletedAt] : [])),
    );
    let deletedAt = now;
    while (known.has(deletedAt)) deletedAt += 1;
    const mark = `${by === null ? '' : `.${by}`}${reason === 'overwritten' ? '.overwritten' : ''}`;
    const file = join(this.#folder, `${name}.${deletedAt}${mark}.yaml`);
    await this.#write(file, yaml);
    return { id: name, deletedAt, by, reason, file };
  }

  /**
   * Returns all deleted jobs, the latest deletion first.
   * @throws QuickscrapeError `store_unavailable`
   */
  list(): TrashedJob[] {
    return this.#files(JOB);
  }

  /**
   * Returns all deleted or overwritten versions of configurations, the latest first.
   * @throws QuickscrapeError `store_unavailable`
   */
  listConfigs(): TrashedConfig[] {
    return this.#files(CONFIG).map((config) => ({
      ...config,
      reason: config.file.endsWith('.overwritten.yaml') ? 'overwritten' : 'deleted',
    }));
  }

  /** Returns the latest deletion of a job. */
  newest(id: string): TrashedJob | undefined {
    return this.list().find((trashed) => trashed.id === id);
  }

  read(trashed: TrashedJob): string {
    return wrapUnavailable(`cannot read ${trashed.file}`, () => readFileSync(trashed.file, 'utf8'));
  }

  /** Removes a file that is no longer needed. If that fails, a later sweep removes it. */
  remove(trashed: TrashedJob): void {
    try {
      unlinkSync(trashed.file);
    } catch {
      // The job is already restored, which is the purpose of the call.
    }
  }

  /** Removes files that were deleted more than `days` ago. */
  sweep(now: number, days: number): void {
    for (const { deletedAt, file } of [...this.#files(JOB), ...this.#files(CONFIG)]) {
      if (now - deletedAt <= days * DAY_MS) continue;
      try {
        unlinkSync(file);
      } catch {
        // Another process removed it, or the disk is read-only; the next sweep tries again.
      }
    }
  }

  async #write(file: string, text: string): Promise<void> {
    wrapUnavailable(`cannot make ${this.#folder}`, () => makePrivateFolder(this.#folder));
    await writeFileDurably(file, text, { fileSystem: this.#fileSystem });
  }

  #files(kind: RegExp): TrashedJob[] {
    let names: string[];
    try {
      names = readdirSync(this.#folder);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw unavailable(`cannot list what was deleted, in ${this.#folder}`, error);
    }
    return names
      .flatMap((name) => {
        const [, id, deletedAt, who] = kind.exec(name) ?? [];
        if (id === undefined || deletedAt === undefined) return [];
        const by = ACTORS.find((actor) => actor === who) ?? null;
        return [{ id, deletedAt: Number(deletedAt), by, file: join(this.#folder, name) }];
      })
      .sort((a, b) => b.deletedAt - a.deletedAt);
  }
}
