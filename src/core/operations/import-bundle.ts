import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { ClientRevisions } from '../configs/client-revisions.ts';
import { ConfigEdits } from '../configs/config-edits.ts';
import { addressFilesInConfig } from '../configs/config-values.ts';
import { hasMarks } from '../configs/written-secrets.ts';
import { readRegularFile } from '../fs/read-regular-file.ts';
import { describeUnusable } from '../jobs/job-errors.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { programCommand } from '../lib/installation.ts';
import { changedFields, type JobDefinition } from '../model/definition.ts';
import type { Workspace } from '../workspace.ts';
import { type Bundle, bundleSchema } from './bundle.ts';

/** The largest bundle file, in bytes. */
const MAX_BUNDLE_BYTES = 67_108_864;

/**
 * Reads the text of a bundle's file.
 * @param name the file as the user wrote it, for messages
 * @throws QuickscrapeError `invalid_params` for a file that cannot be read or is too large
 */
export function readBundleFile(file: string | 0, name: string): string {
  try {
    return file === 0 ? readFileSync(0, 'utf8') : readRegularFile(file, MAX_BUNDLE_BYTES).toString();
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const why = isMissing ? 'does not exist' : `cannot be read: ${(error as Error).message}`;
    throw new QuickscrapeError('invalid_params', `${name} ${why}`, { field: 'file', cause: error });
  }
}

/** @throws QuickscrapeError `invalid_params` with all errors, before anything is imported. */
export function readBundle(text: string, file: string): Bundle {
  // NUL and U+FFFD, which stands for bytes that are no UTF-8, begin workbooks, databases and archives.
  if (/[\0\uFFFD]/.test(text.slice(0, 1024))) throw invalidBundle(file, 'it is not a text file');
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (error) {
    throw invalidBundle(file, `it is not JSON: ${(error as Error).message}`);
  }
  const parsed = bundleSchema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  const location = first === undefined || first.path.length === 0 ? '' : `${first.path.join('.')}: `;
  throw invalidBundle(file, `${location}${first?.message ?? 'unknown form'}`);
}

function invalidBundle(file: string, why: string): QuickscrapeError {
  return new QuickscrapeError('invalid_params', `${file} is not an exported home: ${why}`, {
    field: 'file',
    hint: `Nothing was imported. Make a bundle with: ${programCommand()} export FILE`,
  });
}

/** Something in a bundle, and what an import does with it. */
export interface ImportEntry {
  kind: 'job' | 'configuration' | 'setting';
  /** The id of the job, the name of the configuration, the key of the setting. */
  name: string;
  /** `new`: imported; `same`: it exists with the same content; `conflict`: with another one, and stays as it is. */
  outcome: 'new' | 'same' | 'conflict';
  /** Why a conflict is one. */
  reason?: string;
  /** Files of addresses that a new configuration reads, and that are not here. */
  missing?: readonly string[];
}

/** The result of an import, by object: `job news`, `configuration books`, `setting timezone`. */
export interface ImportReport {
  imported: string[];
  /** It exists with the same content. */
  unchanged: string[];
  /** It exists with other content, and was not changed. */
  conflicts: { what: string; reason: string }[];
  /** Files of addresses that imported configurations read, and that are not here. */
  missing: { what: string; file: string }[];
}

export function toImportReport(entries: readonly ImportEntry[]): ImportReport {
  const named = entries.map((entry) => ({ ...entry, what: `${entry.kind} ${entry.name}` }));
  const withOutcome = (wanted: ImportEntry['outcome']) => named.filter(({ outcome }) => outcome === wanted);
  return {
    imported: withOutcome('new').map(({ what }) => what),
    unchanged: withOutcome('same').map(({ what }) => what),
    conflicts: withOutcome('conflict').map(({ what, reason = '' }) => ({ what, reason })),
    missing: named.flatMap(({ what, missing = [] }) => missing.map((file) => ({ what, file }))),
  };
}

interface ImportOptions {
  /** Only say what an import would do. */
  dryRun?: boolean | undefined;
  /** Called after each object that was written. */
  onWritten?: ((entry: ImportEntry) => void) | undefined;
}

/**
 * Imports everything in a bundle that the home does not have. Existing objects are not changed.
 * @throws QuickscrapeError for an invalid job, before anything is written
 */
export async function importBundle(
  workspace: Workspace,
  bundle: Bundle,
  { dryRun = false, onWritten }: ImportOptions = {},
): Promise<ImportEntry[]> {
  const jobs = bundle.jobs.map(({ id, ...fields }) => ({ id, definition: workspace.jobs.resolve(fields) }));
  const entries: ImportEntry[] = [];
  const take = async (entry: ImportEntry, write: () => Promise<unknown>) => {
    entries.push(entry);
    if (entry.outcome !== 'new' || dryRun) return;
    await write();
    onWritten?.(entry);
  };
  for (const [name, yaml] of Object.entries(bundle.configs))
    await take(compareConfig(workspace, name, yaml), () =>
      saveConfig(workspace, name, yaml, bundle.saved_by_clients ?? []),
    );
  for (const { id, definition } of jobs)
    await take(compareJob(workspace, id, definition), () =>
      workspace.jobs.create({ id, fields: definition }, workspace.actor),
    );
  for (const [key, value] of Object.entries(bundle.settings))
    await take(compareSetting(workspace, key, value), () => workspace.settings.set(key, value));
  return entries;
}

function compareConfig(workspace: Workspace, name: string, yaml: string): ImportEntry {
  const entry = { kind: 'configuration', name } as const;
  if (hasMarks(yaml)) {
    const reason =
      'its passwords are not in the bundle, which was an answer to a program: export it into a file';
    return { ...entry, outcome: 'conflict', reason };
  }
  if (!workspace.configs.has(name)) {
    const missing = addressFilesInConfig(yaml).flatMap((file) => {
      // A file that comes with each run, such as {params.list}.csv, is not known yet.
      const path = resolve(workspace.paths.configs, file);
      return !/[{}]/.test(file) && !existsSync(path) ? [path] : [];
    });
    return { ...entry, outcome: 'new', ...(missing.length > 0 && { missing }) };
  }
  if (workspace.configs.read(name).yaml === yaml) return { ...entry, outcome: 'same' };
  return { ...entry, outcome: 'conflict', reason: 'it already exists, with another text' };
}

async function saveConfig(
  workspace: Workspace,
  name: string,
  yaml: string,
  savedByClients: readonly string[],
): Promise<void> {
  // A text that a client wrote in the other home must not count as the user's own here.
  const note = async ({ revision }: { revision: string }) =>
    savedByClients.includes(revision) ? new ClientRevisions(workspace.paths).addText(yaml) : undefined;
  await new ConfigEdits(workspace).save(name, yaml, null, note);
}

function compareJob(workspace: Workspace, id: string, definition: JobDefinition): ImportEntry {
  const entry = { kind: 'job', name: id } as const;
  const existing = workspace.jobs.get(id);
  if (existing === undefined) return { ...entry, outcome: 'new' };
  if (existing.kind !== 'valid') {
    const reason = `it already exists, in a file that cannot be used: ${describeUnusable(existing)}`;
    return { ...entry, outcome: 'conflict', reason };
  }
  const differing = changedFields(existing.record.definition, definition);
  if (differing.length === 0) return { ...entry, outcome: 'same' };
  return {
    ...entry,
    outcome: 'conflict',
    reason: `it already exists, with another ${differing.join(', ')}`,
  };
}

function compareSetting(workspace: Workspace, key: string, value: unknown): ImportEntry {
  const entry = { kind: 'setting', name: key } as const;
  const current = workspace.settings.all().find((setting) => setting.key === key);
  if (current === undefined)
    return { ...entry, outcome: 'conflict', reason: 'this version does not know it' };
  if (!current.set) return { ...entry, outcome: 'new' };
  if (isDeepStrictEqual(current.value, value)) return { ...entry, outcome: 'same' };
  const reason = `it is ${String(current.value)} here and ${String(value)} there`;
  return { ...entry, outcome: 'conflict', reason };
}
