import { copyFileSync, readFileSync } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';
import { bundledFile } from '../lib/program.ts';
import { writeFileDurably } from './atomic-file.ts';
import type { HomePaths } from './paths.ts';
import { makePrivateFolder } from './private-folder.ts';
import { tryReadText } from './read-regular-file.ts';

/** The folder of a home with the schemas of its files, but for that of configurations, which is beside them. */
const SCHEMAS_FOLDER = '.schemas';
const CONFIG_SCHEMA_NAME = '.schema.json';

/** The files that have a schema in this folder. Those of `keys`, `commands` and `homes` are outside the home. */
const HOME_SCHEMAS = ['job', 'settings', 'channels', 'keys', 'commands', 'homes'] as const;

type HomeSchema = (typeof HOME_SCHEMAS)[number];

const lineFor = (path: string) => `# yaml-language-server: $schema=${path}`;

/**
 * The line with which editors (VS Code and others, through yaml-language-server) complete and validate a configuration.
 * The path is relative to the file, so it works in any home and without a network.
 */
export const CONFIG_SCHEMA_LINE = lineFor(`./${CONFIG_SCHEMA_NAME}`);

/** {@link CONFIG_SCHEMA_LINE} for `settings.yaml`. */
export const SETTINGS_SCHEMA_LINE = lineFor(`./${SCHEMAS_FOLDER}/settings.json`);

/**
 * The `$schema` of a job file, relative to the file; `undefined` where no relative path leads to the home. Not beside
 * the files: other programs take every `*.json` in the jobs folder for a job.
 */
export function jobSchemaLink({ home, jobs }: Pick<HomePaths, 'home' | 'jobs'>): string | undefined {
  const path = relative(jobs, schemaFile(home, 'job'));
  return isAbsolute(path) ? undefined : path.split(sep).map(encodeURIComponent).join('/');
}

/**
 * Writes this version's schema of a kind of file into the home. A failure is ignored, because it is no reason to reject
 * the file; the editor then reports that it found no schema.
 */
export async function writeHomeSchema(home: string, name: HomeSchema): Promise<void> {
  try {
    makePrivateFolder(join(home, SCHEMAS_FOLDER));
    await writeSchema(name, schemaFile(home, name));
  } catch {
    // A file is in the folder's place, or the home is read-only.
  }
}

/** {@link writeHomeSchema} for configurations, beside which it lies. */
export async function writeConfigSchema(folder: string): Promise<void> {
  await writeSchema('configuration', join(folder, CONFIG_SCHEMA_NAME));
}

/** Writes the schemas of all files of a home. */
export async function writeAllSchemas({ home, configs }: Pick<HomePaths, 'home' | 'configs'>): Promise<void> {
  await writeConfigSchema(configs);
  for (const name of HOME_SCHEMAS) await writeHomeSchema(home, name);
}

/** {@link writeConfigSchema} for a copy of a configuration that is edited in a separate folder. */
export function copyConfigSchema(folder: string): void {
  try {
    copyFileSync(publishedSchema('configuration'), join(folder, CONFIG_SCHEMA_NAME));
  } catch {
    // The schema is not built yet: the editor works without one.
  }
}

async function writeSchema(name: HomeSchema | 'configuration', file: string): Promise<void> {
  try {
    const schema = readFileSync(publishedSchema(name), 'utf8');
    if (tryReadText(file) !== schema) await writeFileDurably(file, schema, { sync: false });
  } catch {
    // The schema is not built yet, a user's link is in its place, or the disk is full.
  }
}

function schemaFile(home: string, name: HomeSchema): string {
  return join(home, SCHEMAS_FOLDER, `${name}.json`);
}

function publishedSchema(name: HomeSchema | 'configuration'): string {
  return bundledFile(`${name}.schema.json`);
}
