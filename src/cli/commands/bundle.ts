import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { ClientRevisions } from '../../core/configs/client-revisions.ts';
import { ConfigEdits } from '../../core/configs/config-edits.ts';
import { addressFilesInConfig } from '../../core/configs/config-values.ts';
import { hasMarks } from '../../core/configs/written-secrets.ts';
import { describeUnusable } from '../../core/jobs/job-errors.ts';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import { programCommand } from '../../core/lib/installation.ts';
import { changedFields, type JobDefinition } from '../../core/model/definition.ts';
import { type Bundle, bundleSchema } from '../../core/operations/bundle.ts';
import type { Workspace } from '../../core/workspace.ts';

/** @throws QuickscrapeError `invalid_params` with all errors, before anything is imported. */
export function readBundle(text: string, file: string): Bundle {
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
  return new QuickscrapeError('invalid_params', `${file} is not a bundle of quickscrape export: ${why}`, {
    field: 'file',
    hint: `Nothing was imported. Make a bundle with: ${programCommand()} export FILE`,
  });
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

/**
 * Imports everything in a bundle that the home does not have. Existing objects are not changed.
 * @throws QuickscrapeError for an invalid job, before anything is written
 */
export async function importBundle(workspace: Workspace, bundle: Bundle): Promise<ImportReport> {
  const jobs = bundle.jobs.map(({ id, ...fields }) => ({ id, definition: workspace.jobs.resolve(fields) }));
  const report: ImportReport = { imported: [], unchanged: [], conflicts: [], missing: [] };
  for (const [name, yaml] of Object.entries(bundle.configs))
    await importConfig(workspace, name, yaml, bundle.saved_by_clients ?? [], report);
  for (const { id, definition } of jobs) await importJob(workspace, id, definition, report);
  for (const [key, value] of Object.entries(bundle.settings))
    await importSetting(workspace, key, value, report);
  return report;
}

async function importConfig(
  workspace: Workspace,
  name: string,
  yaml: string,
  savedByClients: readonly string[],
  report: ImportReport,
): Promise<void> {
  const what = `configuration ${name}`;
  if (hasMarks(yaml)) {
    const reason =
      'its passwords are not in the bundle, which was an answer to a program: export it into a file';
    report.conflicts.push({ what, reason });
  } else if (!workspace.configs.has(name)) {
    // A text that a client wrote in the other home must not count as the user's own here.
    const note = async ({ revision }: { revision: string }) =>
      savedByClients.includes(revision) ? new ClientRevisions(workspace.paths).addText(yaml) : undefined;
    await new ConfigEdits(workspace).save(name, yaml, null, note);
    report.imported.push(what);
    for (const file of addressFilesInConfig(yaml)) {
      // A file that comes with each run, such as {params.list}.csv, is not known yet.
      const path = resolve(workspace.paths.configs, file);
      if (!/[{}]/.test(file) && !existsSync(path)) report.missing.push({ what, file: path });
    }
  } else if (workspace.configs.read(name).yaml === yaml) report.unchanged.push(what);
  else report.conflicts.push({ what, reason: 'it already exists, with another text' });
}

async function importJob(
  workspace: Workspace,
  id: string,
  definition: JobDefinition,
  report: ImportReport,
): Promise<void> {
  const what = `job ${id}`;
  const existing = workspace.jobs.get(id);
  if (existing === undefined) {
    await workspace.jobs.create({ id, fields: definition }, workspace.actor);
    report.imported.push(what);
    return;
  }
  if (existing.kind !== 'valid') {
    report.conflicts.push({
      what,
      reason: `it already exists, in a file that cannot be used: ${describeUnusable(existing)}`,
    });
    return;
  }
  const differing = changedFields(existing.record.definition, definition);
  if (differing.length === 0) report.unchanged.push(what);
  else report.conflicts.push({ what, reason: `it already exists, with another ${differing.join(', ')}` });
}

async function importSetting(
  workspace: Workspace,
  key: string,
  value: unknown,
  report: ImportReport,
): Promise<void> {
  const what = `setting ${key}`;
  const current = workspace.settings.all().find((setting) => setting.key === key);
  if (current === undefined) {
    report.conflicts.push({ what, reason: 'this version does not know it' });
  } else if (!current.set) {
    await workspace.settings.set(key, value);
    report.imported.push(what);
  } else if (isDeepStrictEqual(current.value, value)) report.unchanged.push(what);
  else {
    report.conflicts.push({ what, reason: `it is ${String(current.value)} here and ${String(value)} there` });
  }
}
