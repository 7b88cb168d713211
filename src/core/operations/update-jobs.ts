import * as z from 'zod';
import type { ChangedField } from '../jobs/apply-changes.ts';
import { requireValidJob } from '../jobs/job-errors.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { once } from '../lib/once.ts';
import { withHint } from '../lib/text.ts';
import { type JobDefinition, jobFields } from '../model/definition.ts';
import type { Workspace } from '../workspace.ts';
import { findTargets, type Target } from './bulk-targets.ts';
import { defineOperation, type OperationContext } from './define-operation.ts';
import { previewUpdate } from './edit-jobs.ts';
import { findJob } from './find-or-throw.ts';
import { filterInput } from './operation-fields.ts';

/** The fields that are worth changing for many jobs at once. Their names say what they are, as words are dear here. */
const bulkChangesInput = once(() => {
  const { shape } = jobFields();
  const tags = shape.tags.unwrap();
  return z.strictObject({
    enabled: shape.enabled.unwrap().optional(),
    add_tags: tags.optional(),
    remove_tags: tags.optional(),
    priority: shape.priority.unwrap().optional(),
    timeout: shape.timeout.unwrap().optional(),
    max_retries: shape.max_retries.unwrap().optional(),
    retry_delay: shape.retry_delay.unwrap().optional(),
    pause_after_failures: shape.pause_after_failures.unwrap().optional(),
    keep_runs: shape.keep_runs.unwrap().optional(),
  });
});

type BulkChanges = z.output<ReturnType<typeof bulkChangesInput>>;

export const updateJobs = defineOperation({
  name: 'update_jobs',
  title: 'Change several jobs',
  description:
    'Changes up to 100 jobs alike, by job_ids or all that a filter finds, and answers each. update_job has all fields.',
  input: () =>
    z.strictObject({
      job_ids: z.array(z.string().min(1)).optional(),
      filter: filterInput().optional(),
      changes: bulkChangesInput(),
      dry_run: z.boolean().default(false),
    }),
  output: () =>
    z.object({
      matched: z.int().describe('Jobs that were named or found'),
      failed: z.array(z.object({ job_id: z.string(), code: z.string(), message: z.string() })),
      changed: z.array(
        z.object({
          job_id: z.string(),
          revision: z.int(),
          fields: z
            .array(z.string())
            .describe('Whose value is another now; "paused" when it was paused and is resumed'),
        }),
      ),
      unchanged: z.array(z.string()).describe('Ids of the jobs that had these values already'),
    }),
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  errors: [],
  async handler(workspace, { job_ids, filter, changes, dry_run }, context) {
    if (Object.keys(changes).length === 0) {
      const fields = Object.keys(bulkChangesInput().shape).join(', ');
      throw new QuickscrapeError('invalid_params', 'changes: names nothing to change', {
        field: 'changes',
        hint: `Fields: ${fields}`,
      });
    }
    const targets = findTargets(workspace, { job_ids, filter });
    if (!dry_run && targets.length > 0) context.reserve?.(targets.length);
    const result: Outcome = { matched: targets.length, failed: [], changed: [], unchanged: [] };
    for (const target of targets) {
      if (dry_run)
        await addOutcome(workspace, target, result, async () => preview(workspace, target, changes));
      else
        await addOutcome(workspace, target, result, async () => update(workspace, target, changes, context));
    }
    return result;
  },
});

interface Outcome {
  matched: number;
  failed: { job_id: string; code: string; message: string }[];
  changed: { job_id: string; revision: number; fields: ChangedField[] }[];
  unchanged: string[];
}

async function addOutcome(
  { formatHint }: Workspace,
  { id }: Target,
  result: Outcome,
  work: () => Promise<{ revision: number; changed: ChangedField[] }>,
): Promise<void> {
  try {
    const { revision, changed } = await work();
    if (changed.length === 0) result.unchanged.push(id);
    else result.changed.push({ job_id: id, revision, fields: changed });
  } catch (error) {
    if (!(error instanceof QuickscrapeError)) throw error;
    const message = withHint(error.message, error.formatHint(formatHint));
    result.failed.push({ job_id: id, code: error.code, message });
  }
}

/** Changes one job. A field that another writer changed since the job was selected is a `conflict`. */
async function update(
  workspace: Workspace,
  { id, entry }: Target,
  changes: BulkChanges,
  context: OperationContext,
) {
  const before = entry?.kind === 'valid' ? entry.record.revision : null;
  try {
    const job = entry === undefined ? findJob(workspace, id) : requireValidJob(entry);
    const { definition } = job.record;
    const updated = await workspace.jobs.update(id, toChanges(definition, changes), {
      by: workspace.actor,
      resume: changes.enabled === true,
      base: definition,
    });
    const { revision } = updated.entry.record;
    context.onJob?.({ jobId: id, before, after: revision, outcome: 'done' });
    return { revision, changed: updated.changed };
  } catch (error) {
    const outcome = error instanceof QuickscrapeError ? error.code : 'internal';
    context.onJob?.({ jobId: id, before, after: before, outcome });
    throw error;
  }
}

function preview(workspace: Workspace, { id, entry }: Target, changes: BulkChanges) {
  const job = entry === undefined ? findJob(workspace, id) : requireValidJob(entry);
  const { record, changed } = previewUpdate(
    workspace,
    job,
    toChanges(job.record.definition, changes),
    undefined,
  );
  return { revision: record.revision, changed };
}

/** The changes of `update_job` for one job. */
function toChanges(
  { tags }: JobDefinition,
  { add_tags: added = [], remove_tags: removed = [], ...fields }: BulkChanges,
): Record<string, unknown> {
  if (added.length === 0 && removed.length === 0) return fields;
  const kept = tags.filter((tag) => !removed.includes(tag));
  return { ...fields, tags: [...kept, ...added.filter((tag) => !kept.includes(tag))] };
}
