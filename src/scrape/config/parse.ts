import type { Issue } from '../../core/errors.ts';
import type { ScrapeConfig } from './schema.ts';

/** Variables that `${NAME}` is filled in from. */
export type Environment = Readonly<Record<string, string | undefined>>;

export function parseConfig(
  _yaml: string,
  _file: string,
  _env: Environment = process.env,
): { config: ScrapeConfig; warnings: Issue[] } {
  throw new Error('under construction');
}

export function checkConfig(_yaml: string, _file: string, _env: Environment = process.env): Issue[] {
  throw new Error('under construction');
}
