import { hash } from 'node:crypto';
import { lstatSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileDurably } from '../fs/atomic-file.ts';
import { writeConfigSchema } from '../fs/editor-schemas.ts';
import { type FileStamp, stampOf } from '../fs/file-stamp.ts';
import type { WatchedFiles } from '../fs/file-watcher.ts';
import type { HomePaths } from '../fs/paths.ts';
import { makePrivateFolder } from '../fs/private-folder.ts';
import { decodeYaml, readRegularFile, UnreadableFileError } from '../fs/read-regular-file.ts';
import { unavailable, wrapUnavailable } from '../fs/system-errors.ts';
import { closestNames } from '../lib/closest-names.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { isName, parseName } from '../model/ids.ts';
import type { ParamDeclarations } from '../model/params.ts';
import {
  CONFIG_TOO_LARGE_HINT,
  hostInConfig,
  hostsInConfig,
  MAX_CONFIG_BYTES,
  paramsInConfig,
} from './config-values.ts';

export interface ConfigInfo {
  name: string;
  file: string;
  /** Epoch milliseconds. */
  updatedAt: number;
}

export interface ConfigText {
  name: string;
  yaml: string;
  file: string;
  /** The first 12 hexadecimal digits of the text's SHA-256. */
  revision: string;
}

/** A value that was read from a file with this stamp. */
interface Cached<T> {
  stamp: string;
  value: T;
}

const NO_HOSTS: readonly string[] = [];

/** The scraping configurations of a home, `configs/<name>.yaml`, as texts. Only the scraper interprets them. */
export class ConfigStore implements WatchedFiles {
  readonly folder: string;
  readonly ending = '.yaml';
  readonly #host = new Map<string, Cached<string | null>>();
  readonly #hosts = new Map<string, Cached<readonly string[]>>();
  readonly #params = new Map<string, Cached<ParamDeclarations | undefined>>();

  constructor(paths: HomePaths) {
    this.folder = paths.configs;
  }

  /** All configurations, sorted by name; skips other files in the folder. */
  list(): ConfigInfo[] {
    return this.names().flatMap((name) => {
      const file = this.#fileOf(name);
      const stats = this.#stats(name);
      return stats?.isFile() ? [{ name, file, updatedAt: stats.mtimeMs }] : [];
    });
  }

  /**
   * @throws QuickscrapeError `config_not_found` with the closest names; `invalid_params` for an invalid name;
   *   `invalid_config` for a file that is not UTF-8, not a regular file or larger than 2 MB
   */
  read(name: string): ConfigText {
    const file = this.fileOf(name);
    let bytes: Buffer;
    try {
      bytes = readRegularFile(file, MAX_CONFIG_BYTES);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw this.notFound(name);
      if (error instanceof UnreadableFileError) throw unreadableConfig(error);
      throw unavailable(`cannot read ${file}`, error);
    }
    const yaml = decodeYaml(bytes, file);
    return { name, yaml, file, revision: revisionOf(yaml) };
  }

  has(name: string): boolean {
    return isName(name) && this.#stats(name)?.isFile() === true;
  }

  /**
   * Returns the host that a run of a configuration will scrape; `null` when it is not known. Unchanged files are not
   * read again.
   */
  hostOf(name: string): string | null {
    return this.#remember(this.#host, name, hostInConfig, null) ?? null;
  }

  /**
   * Returns the distinct hosts of all addresses of a configuration; none when they are not known, `null` when the
   * configuration does not exist. Unchanged files are not read again.
   */
  hostsOf(name: string): readonly string[] | null {
    return this.#remember(this.#hosts, name, hostsInConfig, NO_HOSTS) ?? null;
  }

  /**
   * Returns the parameters that a configuration declares; `undefined` when it does not exist or cannot be read. Unchanged
   * files are not read again.
   */
  paramsOf(name: string): ParamDeclarations | undefined {
    return this.#remember(this.#params, name, paramsInConfig, undefined);
  }

  /**
   * Writes the text unchanged and durably.
   * @throws QuickscrapeError `invalid_params` for a bad name, `store_unavailable`
   */
  async write(name: string, yaml: string): Promise<void> {
    const file = this.fileOf(name);
    wrapUnavailable(`cannot make ${this.folder}`, () => makePrivateFolder(this.folder));
    await writeFileDurably(file, yaml);
    await writeConfigSchema(this.folder);
  }

  /** The path of a configuration, whether or not it exists. @throws QuickscrapeError `invalid_params` for a bad name */
  fileOf(name: string): string {
    return this.#fileOf(parseName(name, 'config_name'));
  }

  /** The error for a configuration that does not exist, with the closest names. */
  notFound(name: string): QuickscrapeError {
    const close = this.closest(name);
    return new QuickscrapeError('config_not_found', `there is no configuration "${name}"`, {
      field: 'config_name',
      hint:
        close.length > 0
          ? `Did you mean ${close.join(' or ')}?`
          : [{ id: 'list_configs' }, { id: 'new_config', file: this.#fileOf(name) }],
    });
  }

  /** The stamp of a configuration's file, or of a link in its place; `undefined` when it cannot be read. */
  stamp(name: string): FileStamp | undefined {
    try {
      return stampOf(lstatSync(this.#fileOf(name)));
    } catch {
      return undefined;
    }
  }

  /** {@link names}, or none while the folder cannot be read; for callers that poll. */
  ids(): string[] {
    try {
      return this.names();
    } catch {
      return [];
    }
  }

  /** The names that resemble `name`, closest first. */
  closest(name: string): string[] {
    return closestNames(name, this.names());
  }

  /**
   * What `find` finds in the text of a configuration; `otherwise` when the file is not readable: a run will fail and
   * report the reason. `undefined` when the configuration does not exist.
   */
  #remember<T>(
    cache: Map<string, Cached<T>>,
    name: string,
    find: (yaml: string) => T,
    otherwise: T,
  ): T | undefined {
    let stats: ReturnType<typeof statSync>;
    try {
      stats = isName(name) ? statSync(this.#fileOf(name), { throwIfNoEntry: false }) : undefined;
    } catch {
      return otherwise;
    }
    if (stats === undefined) return undefined;
    const stamp = `${stats.ino}/${stats.size}/${stats.mtimeMs}`;
    const known = cache.get(name);
    if (known?.stamp === stamp) return known.value;
    let value = otherwise;
    try {
      value = find(this.read(name).yaml);
    } catch {
      // The fallback is right.
    }
    cache.set(name, { stamp, value });
    return value;
  }

  /** Their names, sorted; does not read the files. @throws QuickscrapeError `store_unavailable` */
  names(): string[] {
    let names: string[];
    try {
      names = readdirSync(this.folder);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw unavailable(`cannot list the configurations in ${this.folder}`, error);
    }
    return names
      .filter((name) => name.endsWith('.yaml'))
      .map((name) => name.slice(0, -'.yaml'.length))
      .filter(isName)
      .sort();
  }

  #stats(name: string) {
    const file = this.#fileOf(name);
    return wrapUnavailable(`cannot read ${file}`, () => statSync(file, { throwIfNoEntry: false }));
  }

  #fileOf(name: string): string {
    return join(this.folder, `${name}.yaml`);
  }
}

/** The first 12 hexadecimal digits of a text's SHA-256. */
export function revisionOf(yaml: string): string {
  return hash('sha256', yaml).slice(0, 12);
}

/** The error for a configuration file that is not a regular file, or too large. */
export function unreadableConfig({ message, isTooLarge }: UnreadableFileError): QuickscrapeError {
  return new QuickscrapeError('invalid_config', message, isTooLarge ? { hint: CONFIG_TOO_LARGE_HINT } : {});
}
