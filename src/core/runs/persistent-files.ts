import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { HomePaths } from '../fs/paths.ts';
import { wrapUnavailable } from '../fs/unavailable.ts';
import { jobFolder } from './run-files.ts';

/** What a job keeps from one run to the next, beside the folders of its runs. */
export interface PersistentFiles {
  /** The folder of the job, below `runs/`. */
  folder: string;
  /** The cookies that its runs were given (scrape/attempt/saved-cookies.ts). */
  cookies: string;
  /** The folder of its pages that may not have changed (scrape/cache). */
  cache: string;
}

/** Says where they lie. No run has such a name. */
export function getPersistentFiles(paths: HomePaths, jobId: string): PersistentFiles {
  const folder = jobFolder(paths, jobId);
  return { folder, cookies: join(folder, 'cookies.json'), cache: join(folder, CACHE_FOLDER) };
}

/** All that is there of it, also cookies that were put aside as damaged. @throws QuickscrapeError `store_unavailable` */
export function listPersistentFiles(paths: HomePaths, jobId: string): string[] {
  const folder = jobFolder(paths, jobId);
  return wrapUnavailable(`cannot list ${folder}`, () => readdirSync(folder))
    .filter((name) => name === CACHE_FOLDER || COOKIES.test(name))
    .map((name) => join(folder, name));
}

const COOKIES = /^cookies(?:\.damaged-\d+)?\.json$/;

/** The one folder of a job that is no run's. */
export const CACHE_FOLDER = 'cache';
