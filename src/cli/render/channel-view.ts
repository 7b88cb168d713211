import type { OperationOutput } from '../../core/operations/call-operation.ts';
import { renderTable } from './table.ts';
import type { Terminal } from './terminal.ts';

type Channel = OperationOutput<'list_channels'>['channels'][number];
type Message = OperationOutput<'list_messages'>['messages'][number];

/** The table of channels: what `quickscrape channels list` prints. */
export function channelTable(channels: readonly Channel[], terminal: Terminal): string {
  const { colors } = terminal;
  return renderTable(
    [
      { title: 'CHANNEL', value: ({ name }) => name },
      { title: 'TYPE', value: ({ type }) => type ?? '-' },
      {
        title: 'STATE',
        value: stateOf,
        paint: (text, channel) => (stateOf(channel) === 'ok' ? colors.green(text) : colors.red(text)),
      },
      { title: 'WAITING', value: ({ waiting }) => String(waiting), align: 'right', drop: 1 },
      { title: 'LAST SENT', value: ({ last_sent_at }) => shortTime(last_sent_at), drop: 0 },
      { title: 'TO', value: ({ to }) => to ?? '-', flexible: true, drop: 2 },
    ],
    channels,
    terminal,
  );
}

function stateOf({ problem, failing_since, given_up }: Channel): string {
  if (problem !== null) return 'wrong';
  return failing_since !== null || given_up > 0 ? 'failing' : 'ok';
}

/** A line for each channel that gets no messages, with the reason. */
export function channelProblems(channels: readonly Channel[]): string[] {
  return channels.flatMap(({ name, problem, error }) => {
    const why = problem ?? error;
    return why === null ? [] : [`Channel ${name}: ${why}`];
  });
}

/** The table of messages: what `quickscrape channels log` prints. */
export function messageTable(messages: readonly Message[], terminal: Terminal): string {
  const { colors } = terminal;
  return renderTable(
    [
      { title: 'WRITTEN', value: ({ created_at }) => shortTime(created_at) },
      { title: 'CHANNEL', value: ({ channel }) => channel },
      { title: 'EVENT', value: ({ event }) => event },
      { title: 'JOB', value: ({ job_id }) => job_id ?? '-', drop: 1 },
      { title: 'RUN', value: ({ run_id }) => run_id ?? '-', drop: 0 },
      {
        title: 'STATUS',
        value: ({ status }) => status,
        paint: (text, { status }) => {
          if (status === 'failed') return colors.red(text);
          return status === 'sent' || status === 'joined' ? colors.green(text) : colors.dim(text);
        },
      },
      { title: 'NEXT / WHY', value: describeDelay, flexible: true },
    ],
    messages,
    terminal,
  );
}

/** The last messages about a job, with a heading; nothing when there are none. */
export function lastMessages(messages: readonly Message[], terminal: Terminal): string[] {
  if (messages.length === 0) return [];
  return ['', terminal.colors.bold('Messages'), messageTable(messages, terminal)];
}

function describeDelay({ status, next_attempt_at, error }: Message): string {
  const next = status === 'waiting' && next_attempt_at !== null ? `at ${shortTime(next_attempt_at)}` : '';
  return [next, error ?? ''].filter((part) => part !== '').join(': ') || '-';
}

/** `2026-11-30 09:00` of an RFC 3339 instant. */
function shortTime(instant: string | null): string {
  return instant === null ? '-' : instant.slice(0, 16).replace('T', ' ');
}
