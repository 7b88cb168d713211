import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { ClientRevisions } from '../../core/configs/client-revisions.ts';
import { ConfigEdits } from '../../core/configs/config-edits.ts';
import { describeUnusable } from '../../core/jobs/job-errors.ts';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import { programCommand } from '../../core/lib/installation.ts';
import { changedFields, DEFINITION_FIELDS, type JobDefinition } from '../../core/model/definition.ts';
import { isName } from '../../core/model/ids.ts';
import type { Workspace } from '../../core/workspace.ts';

const name = z.string().refine(isName, { error: 'a name of lower-case letters, digits, - and _' });

/** The file that `export` writes and `import` reads: a whole home without its runs, output and secrets. */
const bundleSchema = z.strictObject({
  format: z.literal('quickscrape-bundle'),
  version: z.literal(1),
  exported_at: z.string(),
  settings: z.record(z.string(), z.unknown()),
  configs: z.record(name, z.string()),
  /** Revisions of the texts that clients saved (ClientRevisions). */
  saved_by_clients: z.array(z.string()).optional(),
  jobs: z.array(z.looseObject({ id: name, config_name: z.string() })),
});

export type Bundle = z.output<typeof bundleSchema>;

/** Creates the bundle of a home; `skipped` lists the job files that it does not contain, with reasons. */
export function createBundle(workspace: Workspace): { bundle: Bundle; skipped: string[] } {
  const entries = workspace.jobs.list();
  const jobs = entries.flatMap((entry) => {
    if (entry.kind !== 'valid') return [];
    const { definition } = entry.record;
    return [
      { id: entry.id, ...Object.fromEntries(DEFINITION_FIELDS.map((field) => [field, definition[field]])) },
    ];
  });
  const configs = workspace.configs.list().map(({ name }) => workspace.configs.read(name));
  const clients = new ClientRevisions(workspace.paths);
  const saved = [...new Set(configs.map(({ revision }) => revision))].filter((one) => clients.has(one));
  const bundle: Bundle = {
    format: 'quickscrape-bundle',
    version: 1,
    exported_at: new Date(workspace.clock.now()).toISOString(),
    settings: Object.fromEntries(
      workspace.settings.all().flatMap(({ key, value, set }) => (set ? [[key, value]] : [])),
    ),
    configs: Object.fromEntries(configs.map(({ name, yaml }) => [name, yaml])),
    ...(saved.length > 0 && { saved_by_clients: saved }),
    jobs: jobs as Bundle['jobs'],
  };
  return {
    bundle,
    skipped: entries.flatMap((entry) => (entry.kind === 'valid' ? [] : [describeUnusable(entry)])),
  };
}

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
}

/**
 * Imports everything in a bundle that the home does not have. Existing objects are not changed.
 * @throws QuickscrapeError for an invalid job, before anything is written
 */
export async function importBundle(workspace: Workspace, bundle: Bundle): Promise<ImportReport> {
  const jobs = bundle.jobs.map(({ id, ...fields }) => ({ id, definition: workspace.jobs.resolve(fields) }));
  const report: ImportReport = { imported: [], unchanged: [], conflicts: [] };
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
  if (!workspace.configs.has(name)) {
    // A text that a client wrote in the other home must not count as the user's own here.
    const note = async ({ revision }: { revision: string }) =>
      savedByClients.includes(revision) ? new ClientRevisions(workspace.paths).add(revision) : undefined;
    await new ConfigEdits(workspace).save(name, yaml, null, note);
    report.imported.push(what);
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
