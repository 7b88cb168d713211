import type { Channel } from '../../core/channels/channel-rules.ts';
import { programCommand } from '../../core/lib/installation.ts';
import { sanitizeLines, sanitizeText } from '../../core/lib/sanitize-text.ts';
import { truncateUtf8 } from '../../core/lib/truncate-values.ts';
import type { Message } from '../../core/messages/message-store.ts';
import type { Workspace } from '../../core/workspace.ts';
import { describeEvent } from './describe-event.ts';
import { fillTemplate, PLACEHOLDER, placeholdersOf } from './fill-template.ts';
import { formatChanges } from './format-changes.ts';
import { listChanges } from './list-changes.ts';
import type { MessageText } from './message-text.ts';
import { cutText, joinWithin, TEXT_LIMITS } from './text-limits.ts';

const MAX_TITLE_BYTES = 200;
const MAX_PARAGRAPH_BYTES = 2_000;
/** Messages that a joined one reads; the others are counted. */
const MAX_NAMED = 200;

/** A channel that takes texts. */
type TextChannel = Exclude<Channel, { type: 'heartbeat' }>;

/** Writes the text of a message, or of several that are sent as one. */
export async function composeMessage(
  workspace: Workspace,
  channel: Channel,
  messages: readonly Message[],
): Promise<MessageText> {
  const [first] = messages;
  if (first === undefined) throw new RangeError('no message');
  if (messages.length > 1 && channel.type !== 'heartbeat')
    return composeJoined(workspace, channel, messages, first);
  const text = await composeOne(workspace, first);
  if (channel.type === 'heartbeat') return text;
  if (channel.text === undefined) return withTitle(channel.subject, text);
  const own = cutText(fillText(channel.text, text.fields), TEXT_LIMITS[channel.type]);
  return withTitle(channel.subject, ofTemplate(text, own));
}

async function composeOne(workspace: Workspace, message: Message): Promise<MessageText> {
  const { title, paragraphs: whole } = describeEvent(workspace, message);
  const { changes, more } = await listChanges(workspace, message);
  const next = nextSteps(message);
  const paragraphs = whole.map((one) => truncateUtf8(sanitizeLines(one), MAX_PARAGRAPH_BYTES));
  const text = {
    event: message.event,
    title: cutTitle(sanitizeText(title)),
    paragraphs,
    changes,
    moreChanges: more,
    next,
  };
  return { ...text, fields: templateFields(message, text) };
}

/** Several messages as one: the titles of as many as the channel takes, or the channel's template for each of them. */
async function composeJoined(
  workspace: Workspace,
  { type, subject, text: template }: TextChannel,
  messages: readonly Message[],
  { event }: Message,
): Promise<MessageText> {
  const next = [`${programCommand()} channels log`];
  const total = messages.length;
  const named = messages.slice(0, MAX_NAMED);
  const { max, sizeOf } = TEXT_LIMITS[type];
  let body: string;
  if (template === undefined) {
    const titles = named.map(
      (message) => `• ${cutTitle(sanitizeText(describeEvent(workspace, message).title))}`,
    );
    const limit = { max: max - sizeOf(`\n\n${next.join('\n')}`), sizeOf };
    body = joinWithin(titles, { total, separator: '\n', limit });
  } else {
    const filled: string[] = [];
    let size = 0;
    for (const message of named) {
      if (size > max) break;
      const one = fillText(template, (await composeOne(workspace, message)).fields).trimEnd();
      size += sizeOf(one);
      filled.push(one);
    }
    body = joinWithin(filled, { total, separator: '\n\n', limit: TEXT_LIMITS[type] });
  }
  const title = `${total} messages about ${countJobs(messages)}`;
  const fields = { ...sharedFields(messages), title, text: body };
  const text = { event, title, paragraphs: [body], changes: [], moreChanges: 0, next, fields };
  return withTitle(joinedSubject(subject, fields), template === undefined ? text : ofTemplate(text, body));
}

/**
 * The text of a template stands alone: it says itself what it wants of the rows and the next step. One whose fields are
 * all empty leaves the usual text, because services refuse a message without any.
 */
function ofTemplate(text: MessageText, own: string): MessageText {
  if (own.trim() === '') return text;
  const fields = { ...text.fields, text: own };
  return { ...text, fields, paragraphs: [own], changes: [], moreChanges: 0, next: [] };
}

function withTitle(subject: string | undefined, text: MessageText): MessageText {
  const title = subject === undefined ? '' : cutTitle(fillText(subject, text.fields));
  if (title === '') return text;
  return { ...text, fields: { ...text.fields, title }, title, isTitleOfTemplate: true };
}

/** Where a field of a subject differs among the messages, their joined title stands after the subject's own beginning. */
function joinedSubject(
  subject: string | undefined,
  fields: Readonly<Record<string, string>>,
): string | undefined {
  if (subject === undefined) return undefined;
  const isComplete = placeholdersOf(subject).every((name) => fields[name] !== '');
  return isComplete ? subject : `${subject.slice(0, subject.search(PLACEHOLDER))}{title}`;
}

/** Fills in a template; its fields are sanitized before. */
function fillText(template: string, fields: Readonly<Record<string, string>>): string {
  return fillTemplate(sanitizeLines(template), fields);
}

/** A title is one line. */
function cutTitle(title: string): string {
  return truncateUtf8(title.replaceAll(/\s+/g, ' ').trim(), MAX_TITLE_BYTES);
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

/** The names of the fields that a template may use, with their meaning; docs/how-to/alerts.md lists them. */
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

type FieldName = (typeof TEMPLATE_FIELDS)[number];

/** The fields that need no more than the message itself. */
function factFields({ event, jobId, runId, facts }: Message): Record<FieldName, string> {
  const { changes } = facts;
  const values: Record<FieldName, string | number | null> = {
    event,
    title: null,
    text: null,
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
    changes: null,
    next: null,
  };
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, sanitizeLines(String(value ?? ''))]),
  ) as Record<FieldName, string>;
}

/** Its texts are sanitized already; sanitizing the rows again would replace the marks of their direction. */
function templateFields(message: Message, text: Omit<MessageText, 'fields'>): Record<string, string> {
  return {
    ...factFields(message),
    title: text.title,
    text: text.paragraphs.join('\n\n'),
    changes: formatChanges(text),
    next: text.next.join('\n'),
  };
}

/** The fields that are the same for all messages; the others are empty. */
function sharedFields(messages: readonly Message[]): Record<string, string> {
  const [first, ...others] = messages.map(factFields);
  return Object.fromEntries(
    TEMPLATE_FIELDS.map((name) => {
      const value = first?.[name] ?? '';
      return [name, others.every((fields) => fields[name] === value) ? value : ''];
    }),
  );
}
