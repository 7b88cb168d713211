import type { Channel } from '../../core/channels/channel-rules.ts';
import { programCommand } from '../../core/lib/installation.ts';
import { sanitizeLines, sanitizeText } from '../../core/lib/sanitize-text.ts';
import { truncateUtf8 } from '../../core/lib/truncate-values.ts';
import type { Message } from '../../core/messages/message-store.ts';
import type { Workspace } from '../../core/workspace.ts';
import { describeEvent } from './describe-event.ts';
import { fillTemplate } from './fill-template.ts';
import { formatChanges } from './format-changes.ts';
import { listChanges } from './list-changes.ts';
import type { MessageText } from './message-text.ts';

const MAX_TITLE_BYTES = 200;
const MAX_PARAGRAPH_BYTES = 2_000;
/** Messages that a joined one names; the others are counted. */
const MAX_NAMED = 50;

/** Writes the text of a message, or of several that are sent as one. */
export async function composeMessage(
  workspace: Workspace,
  channel: Channel,
  messages: readonly Message[],
): Promise<MessageText> {
  const [first] = messages;
  if (first === undefined) throw new RangeError('no message');
  const text = messages.length === 1 ? await composeOne(workspace, first) : joinMessages(workspace, messages);
  if (channel.type === 'heartbeat') return text;
  const title = channel.subject === undefined ? text.title : fillTemplate(channel.subject, text.fields);
  const own = channel.text === undefined ? undefined : fillTemplate(channel.text, text.fields);
  const paragraphs = own === undefined ? text.paragraphs : [own];
  return {
    ...text,
    title: truncateUtf8(sanitizeText(title), MAX_TITLE_BYTES),
    paragraphs: paragraphs.map((one) => truncateUtf8(sanitizeLines(one), MAX_PARAGRAPH_BYTES)),
    // A template says itself what it wants of these.
    ...(own !== undefined && { changes: [], moreChanges: 0, next: [] }),
  };
}

async function composeOne(workspace: Workspace, message: Message): Promise<MessageText> {
  const { title, paragraphs } = describeEvent(workspace, message);
  const { changes, more } = await listChanges(workspace, message);
  const next = nextSteps(message);
  const text = { event: message.event, title, paragraphs, changes, moreChanges: more, next };
  return { ...text, fields: templateFields(message, text) };
}

function joinMessages(workspace: Workspace, messages: readonly Message[]): MessageText {
  const [first] = messages;
  const titles = messages
    .slice(0, MAX_NAMED)
    .map((message) => `• ${describeEvent(workspace, message).title}`);
  const more = messages.length - titles.length;
  const title = `${messages.length} messages about ${countJobs(messages)}`;
  const paragraphs = [[...titles, ...(more > 0 ? [`and ${more} more`] : [])].join('\n')];
  const text = {
    event: first?.event ?? 'test',
    title,
    paragraphs,
    changes: [],
    moreChanges: 0,
    next: [`${programCommand()} channels log`],
  };
  return { ...text, fields: { ...blankFields(), title, text: paragraphs.join('\n\n') } };
}

function countJobs(messages: readonly Message[]): string {
  const jobs = new Set(messages.flatMap(({ jobId }) => jobId ?? []));
  if (jobs.size === 0) return 'channels';
  return jobs.size === 1 ? `job ${[...jobs][0]}` : `${jobs.size} jobs`;
}

function nextSteps({ event, jobId, runId, facts }: Message): string[] {
  if (event === 'channel') return [`${programCommand()} channels test ${facts.about_channel}`];
  if (jobId === null) return [];
  if (event === 'paused') return [`${programCommand()} job update ${jobId} --enable`];
  if (event === 'change') return [`${programCommand()} job diff ${runId}`];
  if (event === 'failure') return [`${programCommand()} job logs ${runId}`];
  return [`${programCommand()} job show ${jobId}`];
}

/** The names of the fields that a template may use, with their meaning; docs/how-to/channels.md lists them. */
export const TEMPLATE_FIELDS = [
  'event',
  'title',
  'text',
  'job',
  'config',
  'run',
  'status',
  'failures',
  'error_kind',
  'error',
  'items',
  'added',
  'removed',
  'changed',
  'changes',
  'next',
] as const;

function blankFields(): Record<string, string> {
  return Object.fromEntries(TEMPLATE_FIELDS.map((name) => [name, '']));
}

function templateFields(
  { event, jobId, runId, facts }: Message,
  text: Omit<MessageText, 'fields'>,
): Record<string, string> {
  const { changes } = facts;
  const values: Record<(typeof TEMPLATE_FIELDS)[number], string | number | null> = {
    event,
    title: text.title,
    text: text.paragraphs.join('\n\n'),
    job: jobId,
    config: facts.config_name,
    run: runId,
    status: facts.status,
    failures: facts.failures,
    error_kind: facts.error?.kind ?? null,
    error: facts.error?.message ?? null,
    items: facts.items,
    added: changes?.added ?? null,
    removed: changes?.removed ?? null,
    changed: changes?.changed ?? null,
    changes: formatChanges(text),
    next: text.next.join('\n'),
  };
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, sanitizeLines(String(value ?? ''))]),
  );
}
