import { existsSync, readFileSync } from 'node:fs';
import { isHome, refuseUnsafeHome } from '../../core/fs/home-folder.ts';
import { type HomePaths, resolveHome } from '../../core/fs/paths.ts';
import type { Settings } from '../../core/settings/settings.ts';
import type { JsonSchema } from './tool-schemas.ts';

/** Whether runs of a home go to other machines, or a worker was ever invited. */
export function usesWorkers({
  settings,
  paths,
}: {
  settings: Pick<Settings, 'get'>;
  paths: Pick<HomePaths, 'workers'>;
}): boolean {
  if (existsSync(paths.workers)) return true;
  try {
    return settings.get('executor') === 'bullmq';
  } catch {
    // The settings cannot be used, which other operations report.
    return false;
  }
}

/**
 * A tool's input without the field that names channels, for a home that has none: its definition would cost every
 * conversation seventy tokens. A call that gives the field all the same is checked as usual.
 */
export function withoutChannels(input: JsonSchema): JsonSchema {
  const { properties } = input as { properties?: Record<string, JsonSchema> };
  if (properties === undefined) return input;
  const { notify: _, changes, ...others } = properties;
  return {
    ...input,
    properties: { ...others, ...(changes !== undefined && { changes: withoutChannels(changes) }) },
  };
}

/** Whether a person has written a `channels.yaml`. */
export function hasChannels({ paths }: { paths: Pick<HomePaths, 'channels'> }): boolean {
  return existsSync(paths.channels);
}

/**
 * Whether a home certainly can be opened and has neither workers nor channels, by its files alone: then its tools can be listed before it
 * is open.
 */
export function isPlainHome(home: string | undefined): boolean {
  try {
    const paths = resolveHome({ ...(home !== undefined && { home }) });
    if (!existsSync(paths.database) || !isHome(paths) || existsSync(paths.workers) || hasChannels({ paths }))
      return false;
    refuseUnsafeHome(paths);
    return !existsSync(paths.settings) || !readFileSync(paths.settings, 'utf8').includes('executor');
  } catch {
    return false;
  }
}
