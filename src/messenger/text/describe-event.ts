import { formatDuration } from '../../core/lib/format-duration.ts';
import { pluralize } from '../../core/lib/text.ts';
import type { Message } from '../../core/messages/message-store.ts';
import { describeErrorKind } from '../../core/model/describe-error-kind.ts';
import { formatDifferences } from '../../core/model/differences.ts';
import type { RunRecord } from '../../core/model/run-record.ts';
import { listFindings } from '../../core/runs/selector-findings.ts';
import { wallClock } from '../../core/schedule/engine/instant.ts';
import type { Workspace } from '../../core/workspace.ts';

/** What happened, in a line and in sentences. The run may be gone by now: then the facts of the message remain. */
export function describeEvent(
  workspace: Workspace,
  message: Message,
): { title: string; paragraphs: string[] } {
  const run = message.runId === null ? undefined : workspace.runs.get(message.runId);
  switch (message.event) {
    case 'failure':
      return { title: failureTitle(message), paragraphs: failureParagraphs(workspace, message, run) };
    case 'paused':
      return {
        title: `${message.jobId}: paused after ${message.facts.failures} failures in a row`,
        paragraphs: [
          ...failureParagraphs(workspace, message, run),
          'The schedule starts no more runs until the job is resumed.',
        ],
      };
    case 'recovery':
      return { title: recoveryTitle(message), paragraphs: successParagraphs(message, run) };
    case 'change':
      return {
        title: `${message.jobId}: ${changesOf(message)}`,
        paragraphs: successParagraphs(message, run),
      };
    case 'missed':
      return describeMissed(message);
    case 'channel':
      return {
        title: `Channel ${message.facts.about_channel} gets no messages`,
        paragraphs: describeFailingChannel(message),
      };
    case 'start':
      return { title: `${message.jobId}: started`, paragraphs: [] };
    case 'success':
      return { title: `${message.jobId}: succeeded`, paragraphs: successParagraphs(message, run) };
    case 'test':
      return {
        title: 'Test message from QuickScrape Jobs',
        paragraphs: ['This channel works. Jobs that name it send their messages here.'],
      };
  }
}

function failureTitle({ jobId, facts }: Message): string {
  const how = facts.failures > 1 ? `failed ${facts.failures} times in a row` : 'run failed';
  return `${jobId}: ${how}${facts.error === null ? '' : ` (${describeErrorKind(facts.error.kind)})`}`;
}

function recoveryTitle({ jobId, facts }: Message): string {
  return `${jobId}: works again after ${facts.failures === 1 ? 'a failure' : `${facts.failures} failures`}`;
}

function failureParagraphs(workspace: Workspace, message: Message, run: RunRecord | undefined): string[] {
  const { facts } = message;
  return [
    `${describeRun(message, run)} ${describeStatus(facts.status)}.`,
    ...(facts.error === null ? [] : [facts.error.message]),
    ...likelyCause(workspace, run),
    ...sinceWhen(workspace, message, run),
  ];
}

function describeStatus(status: string | null): string {
  if (status === 'timed_out') return 'ran out of time';
  return status === 'abandoned' ? 'was abandoned' : 'failed';
}

function describeRun({ jobId, runId, facts }: Message, run: RunRecord | undefined): string {
  const took =
    run?.startedAt != null && run.finishedAt !== null
      ? ` (it took ${formatDuration(run.finishedAt - run.startedAt)})`
      : '';
  return `${formatTime(facts.at, facts.timezone)}: run ${runId} of job ${jobId}${took}`;
}

/** The selectors that stopped matching, and the checks that failed. */
function likelyCause(workspace: Workspace, run: RunRecord | undefined): string[] {
  if (run === undefined) return [];
  const stopped = listFindings(workspace.paths, run.jobId, run.runId).selectors.filter((one) => one.stopped);
  const failed = run.checks.filter(({ passed }) => !passed);
  return [
    ...failed.map(({ message }) => message),
    ...(stopped.length === 0
      ? []
      : [
          `Selectors that no longer match: ${stopped.map(({ field, selector }) => `${field} (${selector})`).join(', ')}.`,
        ]),
  ];
}

function sinceWhen({ runs }: Workspace, { facts }: Message, run: RunRecord | undefined): string[] {
  if (run === undefined || facts.failures < 2) return [];
  const [lastGood] = runs.succeededBefore(run, { limit: 1 });
  const since =
    lastGood?.finishedAt == null ? '' : ` since ${formatTime(lastGood.finishedAt, facts.timezone)}`;
  return [`No run has succeeded${since}: ${facts.failures} runs failed in a row.`];
}

function successParagraphs(message: Message, run: RunRecord | undefined): string[] {
  const { facts } = message;
  const items = facts.items === null ? '' : ` with ${pluralize(facts.items, 'item')}`;
  const changes = facts.changes === null ? '' : changesOf(message);
  return [
    `${describeRun(message, run)} succeeded${items}.`,
    ...(changes === '' ? [] : [`Compared with run ${facts.changes?.with_run_id}: ${changes}.`]),
  ];
}

function changesOf({ facts }: Message): string {
  return facts.changes === null
    ? 'items changed'
    : formatDifferences({ ...facts.changes, key: null, unchanged: 0 });
}

function describeMissed({ jobId, facts }: Message): { title: string; paragraphs: string[] } {
  const { missed, reason, timezone } = facts;
  const count = missed?.count ?? 1;
  const when =
    missed === null
      ? ''
      : missed.first === missed.last
        ? ` (${formatTime(missed.first, timezone)})`
        : ` (${formatTime(missed.first, timezone)} to ${formatTime(missed.last, timezone)})`;
  return {
    title: `${jobId}: ${count === 1 ? 'an occurrence was' : `${count} occurrences were`} missed`,
    paragraphs: [
      `${count === 1 ? 'A scheduled run' : `${count} scheduled runs`} of job ${jobId} did not start${when}.`,
      ...(reason === null ? [] : [`${reason.slice(0, 1).toUpperCase()}${reason.slice(1)}`]),
    ],
  };
}

function describeFailingChannel({ facts: { about_channel: name, at, timezone, reason } }: Message): string[] {
  return [
    `Messages to channel ${name} have failed since ${formatTime(at, timezone)}: ${reason ?? 'no reason is known'}`,
    'Each message is tried for a day. The channel is in channels.yaml.',
  ];
}

/** `2026-11-30 09:00 Europe/Berlin` */
function formatTime(at: number, timezone: string | null): string {
  const zone = timezone ?? 'UTC';
  const { year, month, day, hour, minute } = wallClock(at, zone);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)} ${zone}`;
}
