import { existsSync } from 'node:fs';
import { sep } from 'node:path';
import type {
  CallToolResult,
  InputRequiredResult,
  McpServer,
  ServerContext,
} from '@modelcontextprotocol/server';
import * as z from 'zod';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import { late } from '../../core/lib/late-modules.ts';
import { pluralize, truncateList } from '../../core/lib/text.ts';
import type { Operation } from '../../core/operations/define-operation.ts';
import type { Workspace } from '../../core/workspace.ts';
import { askPerson, canElicit } from './elicitation.ts';
import { toolError } from './tool-result.ts';

const loadBulkTargets = late(() => import('../../core/operations/bulk-targets.ts'));
const loadBundle = late(() => import('../../core/operations/bundle.ts'));
const loadWorkerRecords = late(() => import('../../core/workers/worker-records.ts'));
const loadWorkerInvitations = late(() => import('../../core/workers/worker-invitations.ts'));
const loadLease = late(() => import('../../core/lease/lease.ts'));

type Fields = Record<string, unknown>;

const QUESTION = 'Yes, do it';
const ANSWER_SCHEMA = z.object({ confirm: z.boolean().meta({ title: QUESTION }) });

/**
 * Asks the person by elicitation before something is deleted or cancelled, if the client supports it.
 * @returns the answer to send instead of running the call (the question, or that it was declined); `undefined` to run
 *   it
 */
export async function askConsent(
  operation: Operation,
  params: Fields,
  workspace: Workspace,
  context: ServerContext,
  server: McpServer,
): Promise<CallToolResult | InputRequiredResult | undefined> {
  if (!operation.annotations.destructiveHint || !canElicit(context, server)) return undefined;
  const message = await consentQuestion(operation, params, workspace);
  if (message === undefined) return undefined;
  const answer = await askPerson(context, { key: 'consent', message, requestedSchema: ANSWER_SCHEMA });
  switch (answer.kind) {
    case 'pending':
      return answer.result;
    case 'failed':
      return toolError(
        new QuickscrapeError(
          'not_allowed',
          `the person could not be asked, so nothing was done: ${answer.why}`,
        ),
      );
    case 'answered': {
      const isAccepted = answer.action === 'accept' && answer.content['confirm'] === true;
      return isAccepted ? undefined : declined(answer.action);
    }
  }
}

/** The reason to report when the person did not agree, by the action of the form. */
const DECLINE_REASONS: Readonly<Record<string, string>> = {
  accept: `the person sent the form without a tick at "${QUESTION}"`,
  cancel: 'the person closed the question',
};

function declined(action: string): CallToolResult {
  const did = DECLINE_REASONS[action] ?? 'the person said no';
  return toolError(new QuickscrapeError('not_allowed', `${did}: nothing was done.`));
}

type ConsentQuestion = (
  params: Fields,
  workspace: Workspace,
) => string | undefined | Promise<string | undefined>;

/**
 * The question to the person before an operation deletes or cancels something; `undefined` when there is nothing to
 * ask.
 */
const QUESTIONS: Readonly<Record<string, ConsentQuestion>> = {
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
  async update_jobs({ job_ids, filter, changes, dry_run }, workspace) {
    const { keep_runs: kept } = changes as { keep_runs?: number };
    if (dry_run === true || kept === undefined) return undefined;
    const { findTargets } = await loadBulkTargets();
    const selection = { job_ids: job_ids as string[] | undefined, filter: filter as string | undefined };
    const losing = findTargets(workspace, selection).flatMap(({ entry }) =>
      entry?.kind === 'valid' && entry.record.definition.keep_runs > kept ? [entry.id] : [],
    );
    return losing.length === 0
      ? undefined
      : `Keep only the newest ${kept} runs of ${pluralize(losing.length, 'job')} (${truncateList(losing)})? The older ones are deleted at their next runs, with their items and logs.`;
  },
  set_setting({ name, value }, { settings }) {
    if (name !== 'trash_days') return undefined;
    const [days, present] = [Number(settings.parse('trash_days', value)), settings.get('trash_days')];
    return days < present
      ? `Keep what is deleted for ${days} days instead of ${present}? What is older goes from the trash.`
      : undefined;
  },
  async export({ output_path: path, overwrite }, workspace) {
    if (typeof path !== 'string' || overwrite !== true) return undefined;
    const { bundleFile } = await loadBundle();
    const file = bundleFile(workspace, path);
    const isInside = file.startsWith(workspace.paths.output + sep);
    return isInside && existsSync(file) ? `Overwrite ${file}?` : undefined;
  },
  async drain_worker({ name, now }, { db }) {
    if (now !== true) return undefined;
    const { readWorker } = await loadWorkerRecords();
    const worker = readWorker(db, String(name));
    return (
      worker && `Cancel what worker "${worker.name}" executes? What it has scraped so far is not written.`
    );
  },
  async revoke_worker({ name }, { paths, clock }) {
    const { WorkerInvitations } = await loadWorkerInvitations();
    const invitation = new WorkerInvitations(paths, clock).read()?.workers.get(String(name));
    return invitation?.revokedAt === null
      ? `Revoke worker "${invitation.name}"? Its runs are lost, and only a new invitation lets it work again.`
      : undefined;
  },
  async stop_scheduler({ force }, { db }) {
    if (force !== true) return undefined;
    // Loaded on demand, so that the server starts faster.
    const { findLeaseHolder } = await loadLease();
    return findLeaseHolder(db) === undefined
      ? undefined
      : 'Stop the scheduler and cancel all active runs? What they have scraped so far is not written.';
  },
};

/**
 * The question to the person, if the operation has one. A call that cannot succeed is not asked about. The question
 * contains no text of the caller except the name of an existing object.
 */
export async function consentQuestion(
  { name, input }: Pick<Operation, 'name' | 'input'>,
  params: Fields,
  workspace: Workspace,
): Promise<string | undefined> {
  const question = QUESTIONS[name];
  return question !== undefined && input.safeParse(params).success ? question(params, workspace) : undefined;
}
