import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { HomePaths } from '../fs/paths.ts';
import { wrapUnavailable } from '../fs/system-errors.ts';
import { jobFolder } from './run-files.ts';

/** The files that a job keeps between runs, outside the folders of its runs. */
export interface PersistentFiles {
  /** The job's folder, below `runs/`. */
  folder: string;
  /** The cookies that its runs received (scrape/attempt/saved-cookies.ts). */
  cookies: string;
  /** The folder of its cached pages (scrape/cache). */
  cache: string;
}

/** Returns the paths. No run id equals one of these names. */
export function getPersistentFiles(paths: HomePaths, jobId: string): PersistentFiles {
  const folder = jobFolder(paths, jobId);
  return { folder, cookies: join(folder, 'cookies.json'), cache: join(folder, CACHE_FOLDER) };
}

/**
 * Lists the persistent files that exist, including cookies that were set aside as damaged.
 * @throws QuickscrapeError `store_unavailable`
 */
export function listPersistentFiles(paths: HomePaths, jobId: string): string[] {
  const folder = jobFolder(paths, jobId);
  return wrapUnavailable(`cannot list ${folder}`, () => readdirSync(folder))
    .filter((name) => name === CACHE_FOLDER || COOKIES.test(name))
    .map((name) => join(folder, name));
}

const COOKIES = /^cookies(?:\.damaged-\d+)?\.json$/;

/** The only folder of a job that does not belong to a run. */
export const CACHE_FOLDER = 'cache';
