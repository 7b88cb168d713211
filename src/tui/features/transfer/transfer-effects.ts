import { execFile } from 'node:child_process';
import { revisionOf } from '../../../core/configs/config-store.ts';
import { resolveUserPath } from '../../../core/fs/paths.ts';
import { QuickscrapeError } from '../../../core/lib/errors.ts';
import { formatBytes } from '../../../core/lib/format-bytes.ts';
import { late } from '../../../core/lib/late-modules.ts';
import { programFile } from '../../../core/lib/program.ts';
import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import { pluralize, withHint } from '../../../core/lib/text.ts';
import type { ImportEntry } from '../../../core/operations/import-bundle.ts';
import { toFailure } from '../../kernel/call.ts';
import type { EffectOf } from '../../kernel/model.ts';
import type { EffectContext } from '../../runtime/effect-context.ts';
import { invokeWithinPolicy, readConfigNow, waitForStore } from '../../runtime/run-call.ts';
import type { ImportPlan, TransferResult } from './model.ts';

const loadImportBundle = late(() => import('../../../core/operations/import-bundle.ts'));

/** Writes a bundle by the operation `export`. */
export function exportToFile(
  { path, jobIds, replace }: EffectOf<'export_bundle'>,
  context: EffectContext,
): void {
  sendResult(path, context, async () => {
    const { file, jobs, configs, bytes, skipped } = await invokeWithinPolicy(context, 'export', {
      ...(jobIds && { job_ids: [...jobIds] }),
      output_path: resolveUserPath(path),
      overwrite: replace,
    });
    const text = `Exported ${pluralize(jobs, 'job')} and ${pluralize(configs, 'configuration')} (${formatBytes(bytes)}) to ${file}`;
    if (skipped.length === 0) return done(`${text}.`);
    return done(`${text}. Left out: ${skipped.join('; ')}`, 'warning');
  });
}

/** Reads a bundle, and says what an import of it would do. */
export function readBundlePlan({ path }: EffectOf<'read_bundle'>, context: EffectContext): void {
  sendResult(path, context, async () => {
    const { plan } = await planImport(path, context);
    return { kind: 'read', plan };
  });
}

/** Imports a bundle, and says what came of it. Also what was written before a failure can be undone. */
export function importFromFile({ path, revision }: EffectOf<'import_bundle'>, context: EffectContext): void {
  sendResult(path, context, async () => {
    if (context.readOnly) throw new QuickscrapeError('not_allowed', 'nothing is imported with --read-only');
    await waitForStore(context);
    const { bundle, plan } = await planImport(path, context);
    if (plan.revision !== revision)
      throw new QuickscrapeError('conflict', `${path} has changed since the preview`, {
        hint: 'Nothing was imported. Import it again to see what it has now.',
      });
    const { importBundle } = await loadImportBundle();
    const written: ImportEntry[] = [];
    try {
      await importBundle(context.workspace, bundle, { onWritten: (entry) => written.push(entry) });
    } finally {
      sendImported(written, context);
    }
    return done(describeImport(written));
  });
}

async function planImport(path: string, { workspace }: EffectContext) {
  const { importBundle, readBundle, readBundleFile } = await loadImportBundle();
  const text = readBundleFile(resolveUserPath(path), path);
  const bundle = readBundle(text, path);
  const entries = await importBundle(workspace, bundle, { dryRun: true });
  const added = new Set(
    entries.flatMap(({ kind, name, outcome }) => (kind === 'job' && outcome === 'new' ? [name] : [])),
  );
  const plan: ImportPlan = {
    path,
    revision: revisionOf(text),
    entries: [...entries].sort((one, other) => ORDER.indexOf(one.outcome) - ORDER.indexOf(other.outcome)),
    enabled: bundle.jobs.filter((job) => added.has(job.id) && job['enabled'] !== false).length,
  };
  return { bundle, plan };
}

const ORDER: readonly ImportEntry['outcome'][] = ['new', 'conflict', 'same'];

/** Sends the jobs and configurations that were created, so that they can be undone, and shows them at once. */
function sendImported(written: readonly ImportEntry[], { workspace, live, send }: EffectContext): void {
  const namesOf = (wanted: ImportEntry['kind']) =>
    written.flatMap(({ kind, name }) => (kind === wanted ? [name] : []));
  const jobs = namesOf('job').flatMap((id) => {
    const entry = workspace.jobs.get(id);
    if (entry?.kind !== 'valid') return [];
    const { definition, revision } = entry.record;
    return [{ id, version: { definition, revision } }];
  });
  const configs = namesOf('configuration').flatMap((name) => {
    const version = readConfigNow(workspace, name)?.version;
    return version ? [{ name, version }] : [];
  });
  if (jobs.length + configs.length > 0) send({ kind: 'imported', jobs, configs });
  for (const { id } of jobs) live?.touch(id);
}

function describeImport(written: readonly ImportEntry[]): string {
  const count = (wanted: ImportEntry['kind']) => written.filter(({ kind }) => kind === wanted).length;
  const [jobs, configs, settings] = [count('job'), count('configuration'), count('setting')];
  const parts = [
    ...(jobs > 0 ? [pluralize(jobs, 'job')] : []),
    ...(configs > 0 ? [pluralize(configs, 'configuration')] : []),
    ...(settings > 0 ? [pluralize(settings, 'setting')] : []),
  ];
  const undo =
    jobs > 0 && configs > 0
      ? ' u undoes the jobs, u again the configurations.'
      : jobs + configs > 0
        ? ' u undoes it.'
        : '';
  return `Imported ${parts.join(', ')}.${undo}`;
}

/** Copies the database by the command `backup`, in a process of its own: a large one takes seconds. */
export function backUp({ path, replace }: EffectOf<'back_up'>, context: EffectContext): void {
  const file = resolveUserPath(path);
  const { readOnly, workspace } = context;
  sendResult(path, context, async () => {
    if (readOnly) throw new QuickscrapeError('not_allowed', 'no backup is written with --read-only');
    const { bytes } = await runBackup(workspace.paths.home, file, replace);
    return done(`Backed up ${formatBytes(bytes)} to ${file}.`);
  });
}

/** @throws QuickscrapeError the command's own error */
function runBackup(home: string, file: string, force: boolean): Promise<{ bytes: number }> {
  const args = [programFile('cli'), '--home', home, 'backup', file, '--json', ...(force ? ['--force'] : [])];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { windowsHide: true }, (error, stdout, stderr) => {
      try {
        if (error === null) return resolve(JSON.parse(stdout) as { bytes: number });
        const { code, field, message, hint } = JSON.parse(stderr).error as ReturnType<typeof toFailure>;
        return reject(
          new QuickscrapeError(code, message, { ...(field && { field }), ...(hint && { hint }) }),
        );
      } catch {
        return reject(error ?? new Error(stdout));
      }
    });
  });
}

function done(text: string, tone: 'good' | 'warning' = 'good'): TransferResult {
  return { kind: 'done', tone, text: sanitizeText(text) };
}

/** Sends the result of a task with a file, or why it has none. */
function sendResult(
  path: string,
  { send }: Pick<EffectContext, 'send'>,
  work: () => Promise<TransferResult>,
): void {
  work().then(
    (result) => send({ kind: 'transfer', path, result }),
    (error: unknown) => send({ kind: 'transfer', path, result: toResult(error) }),
  );
}

function toResult(error: unknown): TransferResult {
  const { code, field, message, hint } = toFailure(error);
  const isExisting = code === 'conflict' && (field === 'output_path' || field === 'file');
  if (isExisting) return { kind: 'exists' };
  const text = withHint(message.replace(/^(output_path|file): /, ''), hint);
  return { kind: 'problem', text: sanitizeText(text) };
}
