import { findLeaseHolder } from '../../core/lease/lease.ts';
import type { Operation } from '../../core/operations/define-operation.ts';
import type { Workspace } from '../../core/workspace.ts';

type Fields = Record<string, unknown>;

/**
 * The question to the person before an operation deletes or cancels something; `undefined` when there is nothing to
 * ask.
 */
const QUESTIONS: Readonly<Record<string, (params: Fields, workspace: Workspace) => string | undefined>> = {
  delete_job: ({ job_id }, { jobs }) =>
    jobs.get(String(job_id)) &&
    `Delete job "${job_id}"? It waits 30 days in the trash with its history; restore_job brings it back.`,
  delete_config: ({ config_name }, { configs }) =>
    configs.has(String(config_name))
      ? `Delete configuration "${config_name}"? Its text waits 30 days in the trash.`
      : undefined,
  cancel_run({ run_id }, { runs }) {
    const run = runs.get(String(run_id));
    return run && `Cancel run ${run.runId} of job "${run.jobId}"? What it has scraped so far is not written.`;
  },
  update_job({ job_id, changes, dry_run }, { jobs }) {
    const job = jobs.get(String(job_id));
    const { keep_runs: kept } = changes as { keep_runs?: number };
    if (dry_run === true || job?.kind !== 'valid' || kept === undefined) return undefined;
    const { keep_runs: present } = job.record.definition;
    return kept < present
      ? `Keep the newest ${kept} runs of job "${job.id}" instead of ${present}? The older ones are deleted at its next run, with their items and logs.`
      : undefined;
  },
  stop_scheduler: ({ force }, { db }) =>
    force === true && findLeaseHolder(db) !== undefined
      ? 'Stop the scheduler and cancel all active runs? What they have scraped so far is not written.'
      : undefined,
};

/**
 * The question to the person, if the operation has one. A call that cannot succeed is not asked about. The question
 * contains no text of the caller except the name of an existing object.
 */
export function consentQuestion(
  { name, input }: Pick<Operation, 'name' | 'input'>,
  params: Fields,
  workspace: Workspace,
): string | undefined {
  const question = QUESTIONS[name];
  return question !== undefined && input.safeParse(params).success ? question(params, workspace) : undefined;
}
