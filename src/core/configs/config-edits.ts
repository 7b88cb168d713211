import { unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ConcurrentEditError, editUnderLock, StoreLock } from '../database/locks.ts';
import { type FileSystem, nodeFileSystem, syncFolder, writeFileDurably } from '../fs/atomic-file.ts';
import { writeConfigSchema } from '../fs/editor-schemas.ts';
import type { HomePaths } from '../fs/paths.ts';
import { makePrivateFolder } from '../fs/private-folder.ts';
import { refuseLink } from '../fs/symlinks.ts';
import { unavailable, wrapUnavailable } from '../fs/system-errors.ts';
import type { Clock } from '../lib/clock.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import type { Actor } from '../model/definition.ts';
import { Trash, type TrashedConfig } from '../trash/trash.ts';
import { type ConfigStore, type ConfigText, revisionOf } from './config-store.ts';

/** Without an `actor`, the trash does not record who made the change. */
export interface EditContext {
  readonly paths: HomePaths;
  readonly configs: ConfigStore;
  readonly clock: Clock;
  readonly actor?: Actor;
}

export interface SavedConfig {
  /** Whether no configuration had this name before. */
  created: boolean;
  /** Whether the text differs from the previous one. */
  changed: boolean;
  revision: string;
  file: string;
}

/**
 * Changes configurations on behalf of programs, under the store lock and only over the version that the caller read. No
 * text is lost: overwritten and deleted texts go to the trash first. Links and unreadable files are not changed.
 */
export class ConfigEdits {
  readonly #workspace: EditContext;
  readonly #trash: Trash;
  readonly #fileSystem: FileSystem;
  readonly #toRevision: (name: string, yaml: string) => string;

  /** @param toRevision makes the revisions that the caller gives and sees */
  constructor(
    workspace: EditContext,
    fileSystem: FileSystem = nodeFileSystem,
    toRevision: (name: string, yaml: string) => string = (_, yaml) => revisionOf(yaml),
  ) {
    this.#workspace = workspace;
    this.#toRevision = toRevision;
    this.#fileSystem = fileSystem;
    this.#trash = new Trash(workspace.paths.trash, fileSystem);
  }

  /**
   * Returns what {@link save} would do.
   * @throws QuickscrapeError `conflict`, `not_allowed`, `store_unavailable`, as `save` does
   */
  previewSave(name: string, yaml: string, ifRevision?: string | null, isForced = false): SavedConfig {
    const seen = this.#present(name);
    this.#checkRevision(name, seen, ifRevision);
    const file = this.#workspace.configs.fileOf(name);
    const changed = isForced || seen?.yaml !== yaml;
    return { created: !seen, changed, revision: this.#toRevision(name, yaml), file };
  }

  /**
   * Writes the text unchanged and durably; writes nothing when the file already has this text, except by force.
   * @param ifRevision the revision that the file must still have; `null`: the file must not exist
   * @param first called under the lock right before the write; an error that it throws prevents the write
   * @throws QuickscrapeError `conflict` with the present revision; `not_allowed` for a file that this program may not
   *   write; `store_unavailable`
   */
  async save(
    name: string,
    yaml: string,
    ifRevision?: string | null,
    first?: (text: SavedConfig) => Promise<void>,
    isForced = false,
  ): Promise<SavedConfig> {
    return this.#locked(async () => {
      const seen = this.#present(name);
      const saved = this.previewSave(name, yaml, ifRevision, isForced);
      if (!saved.changed) return saved;
      await first?.(saved);
      wrapUnavailable(`cannot make ${dirname(saved.file)}`, () => makePrivateFolder(dirname(saved.file)));
      const replace = () =>
        writeFileDurably(saved.file, yaml, {
          beforeReplace: () => this.#mustStillBe(name, seen),
          fileSystem: this.#fileSystem,
        });
      await (seen ? this.#keeping(seen, 'overwritten', replace) : replace());
      await writeConfigSchema(dirname(saved.file));
      return { ...saved, revision: this.#toRevision(name, yaml) };
    });
  }

  /**
   * Moves a configuration to the trash.
   * @param mayDelete called under the lock; throws when the configuration must not be deleted
   * @throws QuickscrapeError `config_not_found` with the closest names; `conflict`, `not_allowed`, `store_unavailable`
   */
  async delete(name: string, mayDelete: () => void, ifRevision?: string): Promise<void> {
    return this.#locked(async () => {
      const seen = this.#present(name);
      if (!seen) throw this.#workspace.configs.notFound(name);
      this.#checkRevision(name, seen, ifRevision);
      mayDelete();
      await this.#keeping(seen, 'deleted', async () => {
        this.#mustStillBe(name, seen);
        try {
          unlinkSync(seen.file);
          await syncFolder(dirname(seen.file), this.#fileSystem);
        } catch (error) {
          throw unavailable(`cannot remove ${seen.file}`, error);
        }
      });
    });
  }

  #checkRevision(name: string, seen: ConfigText | undefined, wanted: string | null | undefined): void {
    checkRevision(name, seen && { revision: this.#toRevision(name, seen.yaml) }, wanted);
  }

  async #locked<T>(work: () => Promise<T>): Promise<T> {
    const lock = new StoreLock(join(this.#workspace.paths.locks, 'store.db'));
    try {
      return await editUnderLock(lock, 'the configuration', work);
    } finally {
      lock.close();
    }
  }

  /** Copies the text to the trash, then runs `work`; removes the copy if `work` fails and leaves the file unchanged. */
  async #keeping(
    seen: ConfigText,
    reason: TrashedConfig['reason'],
    work: () => Promise<void>,
  ): Promise<void> {
    const { clock, actor = null } = this.#workspace;
    const kept = await this.#trash.putConfig(seen.name, seen.yaml, clock.now(), actor, reason);
    try {
      await work();
    } catch (error) {
      if (error instanceof ConcurrentEditError || this.#isStill(seen)) this.#trash.remove(kept);
      throw error;
    }
  }

  /**
   * The current configuration; `undefined` when it does not exist.
   * @throws QuickscrapeError `not_allowed` for a link, and for a file that is not a readable configuration text
   */
  #present(name: string): ConfigText | undefined {
    const { configs } = this.#workspace;
    const file = configs.fileOf(name);
    wrapUnavailable(`cannot read ${file}`, () => refuseLink(file));
    try {
      return configs.read(name);
    } catch (error) {
      if (!(error instanceof QuickscrapeError)) throw error;
      if (error.code === 'config_not_found') return undefined;
      if (error.code !== 'invalid_config') throw error;
      throw new QuickscrapeError('not_allowed', `${error.message}; it is left as it is`, {
        field: 'config_name',
        hint: 'Fix or remove the file by hand; a file that cannot be read is never replaced.',
        cause: error,
      });
    }
  }

  #isStill(seen: ConfigText): boolean {
    try {
      return this.#present(seen.name)?.yaml === seen.yaml;
    } catch {
      return false;
    }
  }

  #mustStillBe(name: string, seen: ConfigText | undefined): void {
    if (this.#present(name)?.yaml !== seen?.yaml) throw new ConcurrentEditError();
  }
}

/**
 * Checks that a configuration is at the wanted revision; `undefined`: at any.
 * @throws QuickscrapeError `conflict` with the present one
 */
export function checkRevision(
  name: string,
  seen: Pick<ConfigText, 'revision'> | undefined,
  wanted: string | null | undefined,
): void {
  if (wanted === undefined || wanted === (seen?.revision ?? null)) return;
  if (wanted === null) throw new QuickscrapeError('conflict', `there is a configuration ${name} again`);
  const present = seen ? `is at revision ${seen.revision}` : 'is not there (any more)';
  throw new QuickscrapeError('conflict', `configuration ${name} ${present}, and not at ${wanted}`, {
    field: 'if_revision',
    hint: seen ? { id: 'read_config_again', config: name } : 'Leave if_revision out to create it again.',
  });
}
