import { Argument, type Command, Option } from 'commander';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import { MESSAGE_STATUSES } from '../../core/messages/message-statuses.ts';
import type { OperationInput } from '../../core/operations/call-operation.ts';
import { leafCommand, onCommand } from '../context/define-command.ts';
import { integerParser } from '../flags/flag-values.ts';

export function channelsList(): Command {
  const command = leafCommand('list', {
    overSsh: true,
    description:
      'List the channels of channels.yaml: where messages about jobs go, and whether they get through.',
    json: 'list_channels: { channels, file }',
    examples: [['channels list', 'is a channel wrong, or failing?']],
  });
  return onCommand<[], object>(command, async (context) => {
    const answer = await context.invoke('list_channels', {});
    const { channelProblems, channelTable } = await import('../render/channel-view.ts');
    await context.print(answer, () =>
      answer.channels.length > 0
        ? [channelTable(answer.channels, context.out), ...channelProblems(answer.channels)].join('\n')
        : `No channels. Write one into ${answer.file}, such as:\n\n${EXAMPLE}`,
    );
  });
}

const EXAMPLE = `me:
  type: ntfy
  url: https://ntfy.sh/a-name-that-nobody-guesses`;

export function channelsTest(): Command {
  const command = leafCommand('test', {
    overSsh: true,
    description: 'Send a test message to a channel, and wait until it was taken.',
    json: 'test_channel: { channel, sent, error }',
    examples: [['channels test me', 'before you rely on it']],
  }).addArgument(new Argument('<channel>', 'its name in channels.yaml'));
  return onCommand<[string], object>(command, async (context, [channel]) => {
    const answer = await context.call('test_channel', { channel });
    if (!answer.sent) throw notTaken(channel, answer.error);
    await context.print(answer, () => `Channel ${channel} took the test message.`);
  });
}

function notTaken(channel: string, error: string | null): QuickscrapeError {
  return new QuickscrapeError('store_unavailable', `channel ${channel} did not take the message: ${error}`, {
    hint: 'Correct the channel in channels.yaml, then test it again.',
  });
}

interface LogFlags {
  channel?: string;
  job?: string;
  status?: NonNullable<OperationInput<'list_messages'>['status']>;
  limit?: number;
}

export function channelsLog(): Command {
  const command = leafCommand('log', {
    overSsh: true,
    description:
      'Show what channels were told, newest first: sent, waiting with the next attempt, or given up.',
    json: 'list_messages: { messages, next_cursor? }',
    examples: [
      ['channels log', 'the last twenty'],
      ['channels log --status waiting', 'what is not sent yet, and why'],
    ],
  })
    .option('--channel <name>', 'only this channel')
    .option('--job <job>', 'only about this job')
    .addOption(new Option('--status <status>', 'only these').choices([...MESSAGE_STATUSES]))
    .option('--limit <n>', 'at most this many (default 20)', integerParser(1, 1000));
  return onCommand<[], LogFlags>(command, async (context, _, { job, ...query }) => {
    const answer = await context.call('list_messages', {
      ...query,
      ...(job !== undefined && { job_id: job }),
    });
    const { messageTable } = await import('../render/channel-view.ts');
    await context.print(answer, () =>
      answer.messages.length > 0 ? messageTable(answer.messages, context.out) : 'No messages.',
    );
  });
}
