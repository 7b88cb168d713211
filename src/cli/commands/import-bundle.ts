import { isDeepStrictEqual } from 'node:util';
import { ClientRevisions } from '../../core/configs/client-revisions.ts';
import { ConfigEdits } from '../../core/configs/config-edits.ts';
import { describeUnusable } from '../../core/jobs/job-errors.ts';
import type { JobDefinition } from '../../core/model/definition.ts';
import { changedFields } from '../../core/operations/changed-fields.ts';
import type { Workspace } from '../../core/workspace.ts';
import type { Bundle } from './bundle.ts';

/** What an import did, by what it is about: `job news`, `configuration books`, `setting timezone`. */
export interface ImportReport {
  imported: string[];
  /** There already, the same. */
  unchanged: string[];
  /** There already, otherwise: left as it is. */
  conflicts: { what: string; reason: string }[];
}

/**
 * Takes over what a bundle holds and the home does not. Nothing that is there is changed.
 * @throws QuickscrapeError for a job that is not valid, before anything is written
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
    // What a client wrote there is no person's text here.
    const note = async ({ revision }: { revision: string }) =>
      savedByClients.includes(revision) ? new ClientRevisions(workspace.paths).add(revision) : undefined;
    await new ConfigEdits(workspace).save(name, yaml, null, note);
    report.imported.push(what);
  } else if (workspace.configs.read(name).yaml === yaml) report.unchanged.push(what);
  else report.conflicts.push({ what, reason: 'it is there already, with another text' });
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
      reason: `it is there already, in a file that cannot be used: ${describeUnusable(existing)}`,
    });
    return;
  }
  const differing = changedFields(existing.record.definition, definition);
  if (differing.length === 0) report.unchanged.push(what);
  else report.conflicts.push({ what, reason: `it is there already, with another ${differing.join(', ')}` });
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
