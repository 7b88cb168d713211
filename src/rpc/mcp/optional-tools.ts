import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isHome, refuseUnsafeHome } from '../../core/fs/home-folder.ts';
import { type HomePaths, resolveHome } from '../../core/fs/paths.ts';
import { getPersistentFiles } from '../../core/runs/run-files.ts';
import type { Settings } from '../../core/settings/settings.ts';
import type { Workspace } from '../../core/workspace.ts';
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

/** The fields that only some homes can use. */
export type OptionalField = 'notify' | 'worker' | 'params';

/**
 * A tool's input without fields that a home cannot use, because it has no channels, no workers or no
 * configuration with parameters: their definitions would
 * cost every conversation a hundred tokens. A call that gives such a field all the same is checked as usual.
 */
export function withoutFields(input: JsonSchema, fields: readonly OptionalField[]): JsonSchema {
  const { properties } = input as { properties?: Record<string, JsonSchema> };
  if (properties === undefined || fields.length === 0) return input;
  const kept = Object.entries(properties)
    .filter(([name]) => !fields.some((field) => field === name))
    .map(([name, schema]) => [name, name === 'changes' ? withoutFields(schema, fields) : schema] as const);
  return { ...input, properties: Object.fromEntries(kept) };
}

/** Whether a person has written a `channels.yaml`. */
export function hasChannels({ paths }: { paths: Pick<HomePaths, 'channels'> }): boolean {
  return existsSync(paths.channels);
}

/** Whether a configuration declares parameters. */
export function hasParams({ configs }: Pick<Workspace, 'configs'>): boolean {
  return configs.ids().some((name) => Object.keys(configs.paramsOf(name) ?? {}).length > 0);
}

/** Looking into more configurations would make the first list of tools late. */
const MAX_LOOKED_AT = 200;

/** The same for a home that is not open, by its files alone. */
function mayHaveParams({ configs }: Pick<HomePaths, 'configs'>): boolean {
  if (!existsSync(configs)) return false;
  const files = readdirSync(configs).filter((name) => name.endsWith('.yaml'));
  return files.length > MAX_LOOKED_AT || files.some((name) => hasParamsKey(join(configs, name)));
}

function hasParamsKey(file: string): boolean {
  return lstatSync(file).isFile() && /^["']?params\b/m.test(readFileSync(file, 'utf8'));
}

/** Whether a job has kept values of its rows, by the files alone. */
export function hasHistory({ paths }: { paths: HomePaths }): boolean {
  try {
    return readdirSync(paths.runs).some((jobId) => existsSync(getPersistentFiles(paths, jobId).history));
  } catch {
    // Other operations report why the folder cannot be read.
    return false;
  }
}

/**
 * Whether a home certainly can be opened and has no workers, channels, histories or parameters, by its files alone: then
 * its tools can be listed before it is open.
 */
export function isPlainHome(home: string | undefined): boolean {
  try {
    const paths = resolveHome({ ...(home !== undefined && { home }) });
    if (
      !existsSync(paths.database) ||
      !isHome(paths) ||
      existsSync(paths.workers) ||
      hasChannels({ paths }) ||
      mayHaveParams(paths) ||
      hasHistory({ paths })
    )
      return false;
    refuseUnsafeHome(paths);
    return !existsSync(paths.settings) || !readFileSync(paths.settings, 'utf8').includes('executor');
  } catch {
    return false;
  }
}
