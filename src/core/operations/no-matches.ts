import { createHostReader } from '../jobs/filter/select-jobs.ts';
import { hintForName } from '../lib/closest-names.ts';
import { foldText } from '../lib/fold-text.ts';
import { pluralize, truncateList } from '../lib/text.ts';
import { isActive, type RunRecord, toRunStatus } from '../model/run-record.ts';
import type { Workspace } from '../workspace.ts';
import type { OperationContext } from './define-operation.ts';

type Offers = OperationContext['offers'];

const MAX_QUOTED = 60;
const MAX_HOSTS = 8;

/** Why no job matches the filters of list_jobs, and what to do. */
export function explainNoJobs(
  workspace: Workspace,
  { host, tag, ...others }: Readonly<Record<string, unknown>>,
  offers: Offers,
): string {
  const jobs = workspace.jobs.list();
  if (jobs.length === 0)
    return `There are no jobs yet${ifOffered(offers, 'create_job', ': ', ' makes one')}.`;
  if (typeof host === 'string') {
    const hostsOf = createHostReader(workspace.configs);
    const hosts = [...new Set(jobs.flatMap((job) => hostsOf(job) ?? []))].toSorted();
    if (!hosts.some((each) => each.includes(foldText(host))))
      return `No job has a host with ${quote(host)}. ${nameKnown(host, hosts, 'Hosts')}`;
  }
  if (typeof tag === 'string') {
    const tags = [
      ...new Set(jobs.flatMap((job) => (job.kind === 'valid' ? job.record.definition.tags : []))),
    ].toSorted();
    if (!tags.includes(tag)) return `No job has the tag ${quote(tag)}. ${nameKnown(tag, tags, 'Tags')}`;
  }
  const given = Object.entries({ host, tag, ...others }).flatMap(([name, value]) =>
    value === undefined ? [] : [name],
  );
  const less = given.length > 1 ? 'Leave some of these out' : 'Leave this out';
  return `None of ${pluralize(jobs.length, 'job')} matches ${given.join(' and ')}. ${less} to see more.`;
}

/** Why no run matches the filters of list_runs, and what to do. */
export function explainNoRuns(
  { runs }: Workspace,
  {
    job_id,
    status,
    since,
  }: { job_id?: string | undefined; status?: string | undefined; since?: string | undefined },
  offers: Offers,
): string {
  const newest = runs.list({ jobId: job_id, limit: 1 });
  const whose = job_id === undefined ? 'No job' : `Job ${job_id}`;
  const never = job_id === undefined ? 'has run yet' : 'has not run yet';
  if (newest.total === 0) return `${whose} ${never}${ifOffered(offers, 'run_job', ': ', ' starts one now')}.`;
  const given = Object.entries({ status, since }).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name} ${value}`],
  );
  const [last] = newest.runs;
  const newestIs = last === undefined ? '' : ` The newest is ${last.runId}, ${toRunStatus(last.status)}.`;
  return `None of ${pluralize(newest.total, 'run')} has ${given.join(' and ')}.${newestIs}`;
}

/**
 * Why no line of a log matches, and what to do.
 * @param lines the number of lines of the log
 */
export function explainNoLines(
  run: RunRecord,
  { find, level }: { find?: string | undefined; level?: string | undefined },
  lines: number,
): string {
  if (lines === 0)
    return `The log of run ${run.runId} is empty${run.startedAt === null ? ': it never started' : ''}.`;
  const wanted = [
    ...(find === undefined ? [] : [`has ${quote(find)}`]),
    ...(level === undefined ? [] : [`is of level ${level} or above`]),
  ];
  const less =
    wanted.length === 0
      ? ''
      : ` Leave ${wanted.length > 1 ? 'one of them' : find === undefined ? 'level' : 'find'} out to see others.`;
  return `None of ${pluralize(lines, 'line')} ${wanted.join(' and ')}.${less}`;
}

/** Why a run has no items, and what to do. */
export function explainNoItems({ runId, status }: RunRecord, offers: Offers): string {
  if (isActive(status)) return `Run ${runId} is ${toRunStatus(status)}, and has found none so far.`;
  const explained = ifOffered(offers, 'explain_run', ': ', ' says why');
  return status === 'succeeded'
    ? `Run ${runId} succeeded, and found none${explained}.`
    : `Run ${runId} ended as ${toRunStatus(status)}, without items${explained}.`;
}

/** A next step, if this interface offers its operation. */
function ifOffered(offers: Offers, operation: string, before: string, after: string): string {
  return offers?.(operation) === false ? '' : `${before}${operation}${after}`;
}

function nameKnown(wanted: string, known: readonly string[], title: string): string {
  if (known.length === 0) return `There are no ${title.toLowerCase()} at all.`;
  const hint = hintForName(wanted, known);
  return hint.startsWith('Did you mean') ? hint : `${title}: ${truncateList(known, MAX_HOSTS)}.`;
}

function quote(text: string): string {
  return text.length > MAX_QUOTED ? `"${text.slice(0, MAX_QUOTED)}…"` : `"${text}"`;
}
