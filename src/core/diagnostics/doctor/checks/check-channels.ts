import type { ChannelEntry } from '../../../channels/channels.ts';
import { formatDuration } from '../../../lib/format-duration.ts';
import { plainCommand } from '../../../lib/hints.ts';
import { pluralize, truncateList } from '../../../lib/text.ts';
import type { ChannelHealth } from '../../../messages/channel-health.ts';
import { shellQuote } from '../../../process/shell.ts';
import { createFindings, type Finding } from '../finding.ts';

/** What is known of the channels of a home; instants in epoch milliseconds. */
export interface ChannelsFacts {
  now: number;
  /** `channels.yaml`: its permission bits where the system has them, and why it cannot be read as a whole. */
  file: { path: string; mode: number | undefined; error: string | undefined };
  entries: readonly ChannelEntry[];
  /** The channels that jobs name, and those of the settings. */
  wanted: readonly { where: string; channels: readonly string[] }[];
  health: readonly ChannelHealth[];
}

/** A channel that did not get a message for this long needs a person. */
const MAX_FAILING_MS = 10 * 60_000;

/** Checks whether messages about jobs can reach people. */
export function checkChannels(facts: ChannelsFacts, command = plainCommand): Finding[] {
  const { ok, problem } = createFindings('channels');
  const { path: where, error } = facts.file;
  if (error !== undefined)
    return [
      problem(`the channels cannot be read: ${error}`, {
        where,
        fix: 'correct the file; messages wait for it',
      }),
    ];
  const findings = [
    ...checkMode(facts),
    ...checkEntries(facts),
    ...checkNames(facts, command),
    ...checkHealth(facts, command),
  ];
  if (findings.length > 0) return findings;
  return [ok(facts.entries.length === 0 ? 'none' : pluralize(facts.entries.length, 'channel'))];
}

function checkMode({ file: { path: where, mode } }: ChannelsFacts): Finding[] {
  if (mode === undefined || (mode & 0o077) === 0) return [];
  const fix = `chmod 600 ${shellQuote(where)}`;
  return [createFindings('channels').warning('others can read the file of channels', { where, fix })];
}

function checkEntries({ entries }: ChannelsFacts): Finding[] {
  return entries.flatMap(({ problem: issue }) =>
    issue === undefined
      ? []
      : [
          createFindings('channels').problem(issue.message, {
            where: `${issue.file}:${issue.line}:${issue.column}`,
            fix: issue.hint ?? 'correct the channel; its messages wait',
          }),
        ],
  );
}

function checkNames({ entries, wanted, file }: ChannelsFacts, command: typeof plainCommand): Finding[] {
  const known = new Set(entries.map(({ name }) => name));
  return wanted.flatMap(({ where, channels }) => {
    const missing = channels.filter((name) => !known.has(name));
    if (missing.length === 0) return [];
    const names = truncateList(missing, 3);
    const fix = `write ${missing.length === 1 ? 'it' : 'them'} into ${file.path}, or name another one: ${command('channels list')}`;
    return [createFindings('channels').problem(`there is no channel ${names}`, { where, fix })];
  });
}

function checkHealth({ health, entries, now }: ChannelsFacts, command: typeof plainCommand): Finding[] {
  const known = new Set(entries.map(({ name }) => name));
  return health.flatMap(({ channel, failingSince, waiting, error, givenUp }) => {
    const isFailing = failingSince !== null && now - failingSince > MAX_FAILING_MS;
    if (!known.has(channel) || (!isFailing && givenUp === 0)) return [];
    const since =
      failingSince === null
        ? `${pluralize(givenUp, 'message')} of the last week could not be sent`
        : `no message got through for ${formatDuration(now - failingSince)}, ${waiting} waiting`;
    const why = error === null ? '' : `: ${error}`;
    const fix = `then try: ${command(`channels test ${channel}`)}`;
    return [createFindings('channels').warning(`channel ${channel}: ${since}${why}`, { fix })];
  });
}
