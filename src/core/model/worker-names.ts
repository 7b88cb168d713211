import { QuickscrapeError } from '../lib/errors.ts';

/** What a worker and each of its tags may be called: the names are parts of keys in Redis. */
export const WORKER_NAME = /^[a-z0-9][a-z0-9-]{0,39}$/;

/** The most tags that a worker has, and that a job asks for. */
export const MAX_WORKER_TAGS = 8;

/** Whether `text` is a pool as {@link toPool} makes it. */
export function isPool(text: string): boolean {
  const tags = tagsOfPool(text);
  return tags.length <= MAX_WORKER_TAGS && tags.every(isWorkerName) && toPool(tags) === text;
}

/** Whether `text` may be the name of a worker, or a tag of one. */
export function isWorkerName(text: string): boolean {
  return WORKER_NAME.test(text);
}

/**
 * Checks the name of a worker or a tag of one.
 * @param field the input in which it stands: `name` or `tags`
 * @throws QuickscrapeError `invalid_params`
 */
export function parseWorkerName(text: string, field: string): string {
  if (isWorkerName(text)) return text;
  const shown = JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
  throw new QuickscrapeError('invalid_params', `${field}: ${shown} is not a valid name`, {
    field,
    hint: 'Use 1 to 40 lower-case letters, digits and "-", with a letter or digit first.',
  });
}

/** The pool of a run: the tags that its job asks for, sorted, joined by commas; empty when any worker will do. */
export function toPool(tags: readonly string[] | null): string {
  return [...new Set(tags)].sort().join(',');
}

/** The tags of a pool that {@link toPool} made. */
export function tagsOfPool(pool: string): string[] {
  return pool === '' ? [] : pool.split(',');
}
