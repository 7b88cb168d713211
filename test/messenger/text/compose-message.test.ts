import { expect, it } from 'vitest';
import { type Channel, type ChannelType, channelRule } from '../../../src/core/channels/channel-rules.ts';
import { messageFacts } from '../../../src/core/messages/message-facts.ts';
import { insertMessages, type Message, readMessage } from '../../../src/core/messages/message-store.ts';
import type { Workspace } from '../../../src/core/workspace.ts';
import { composeMessage } from '../../../src/messenger/text/compose-message.ts';
import { toPlainText } from '../../../src/messenger/text/plain-text.ts';
import { TEXT_LIMITS } from '../../../src/messenger/text/text-limits.ts';
import { openTempWorkspace } from '../../temp-workspace.ts';

const URL_FIELD = { url: 'http://127.0.0.1:9/topic' };
const FIELDS: Partial<Record<ChannelType, object>> = { gotify: { ...URL_FIELD, token: 'a' }, desktop: {} };

function channel(type: ChannelType, fields: object = {}): Channel {
  return channelRule(type).parse({ type, ...(FIELDS[type] ?? URL_FIELD), ...fields });
}

/** Failures of the jobs `job1`, `job2` and so on, or all of one job. */
function failures(workspace: Workspace, count: number, { job }: { job?: string } = {}): Message[] {
  const { db, clock } = workspace;
  const now = clock.now();
  const rows = Array.from({ length: count }, (_, index) => {
    const error = { kind: 'http', message: `HTTP ${500 + index}` };
    const facts = messageFacts().parse({ at: now, failures: 1, error });
    const jobId = job ?? `job${index + 1}`;
    return { channel: 'me', event: 'failure' as const, jobId, runId: `run${index}`, facts };
  });
  return db.transaction(() => insertMessages(db, rows, now)).map((id) => readMessage(db, id) as Message);
}

it('the title says in words why a run failed, and the fields of a web hook keep the kind', async () => {
  const workspace = openTempWorkspace();
  const { title, fields } = await composeMessage(workspace, channel('webhook'), failures(workspace, 1));
  expect(title).toBe('job1: run failed (the site answers with an error)');
  expect(JSON.stringify(fields)).toContain('"error_kind":"http"');
});

it('a template of the text is filled for each message that is joined', async () => {
  const workspace = openTempWorkspace();
  const own = channel('ntfy', { text: 'Job {job} failed: {error}' });
  const { paragraphs, next } = await composeMessage(workspace, own, failures(workspace, 3));
  expect([paragraphs, next]).toEqual([
    ['Job job1 failed: HTTP 500\n\nJob job2 failed: HTTP 501\n\nJob job3 failed: HTTP 502'],
    [],
  ]);
});

it('a template whose fields are empty leaves the usual title and text', async () => {
  const workspace = openTempWorkspace();
  const usual = await composeMessage(workspace, channel('slack'), failures(workspace, 1));
  const own = channel('slack', { subject: '{changes}', text: ' {added} ' });
  const { title, paragraphs, next } = await composeMessage(workspace, own, failures(workspace, 1));
  expect([title, paragraphs.length, next]).toEqual([
    usual.title,
    usual.paragraphs.length,
    ['quickscrape job logs run0'],
  ]);
});

it('the templates of a web hook are the fields of its body, for one message as for several', async () => {
  const workspace = openTempWorkspace();
  const own = channel('webhook', { subject: '[alert] {event}', text: '{job}: {error}' });
  const one = await composeMessage(workspace, own, failures(workspace, 1));
  expect(one.fields).toMatchObject({ title: '[alert] failure', text: 'job1: HTTP 500' });
  const two = await composeMessage(workspace, own, failures(workspace, 2));
  expect(two.fields).toMatchObject({
    title: '[alert] failure',
    text: 'job1: HTTP 500\n\njob2: HTTP 501',
  });
});

it('a joined template that is long ends with the number of the others', async () => {
  const workspace = openTempWorkspace();
  const own = channel('desktop', { text: `{job} ${'x'.repeat(100)}` });
  const text = await composeMessage(workspace, own, failures(workspace, 20));
  const shown = toPlainText(text, TEXT_LIMITS.desktop);
  expect(shown).toMatch(/^job1 x+\n\njob2 x+\n\njob3 x+\n\njob4 x+\n\nand 16 more$/);
});

it('a subject of joined messages has the joined title where its fields differ', async () => {
  const workspace = openTempWorkspace();
  const title = async (subject: string, messages: Message[]) =>
    (await composeMessage(workspace, channel('ntfy', { subject }), messages)).title;
  const different = failures(workspace, 3);
  expect(await title('[alert] {job}', different)).toBe('[alert] 3 messages about 3 jobs');
  expect(await title('{job} failed: {error}', different)).toBe('3 messages about 3 jobs');
  expect(await title('[{event}] {title}', different)).toBe('[failure] 3 messages about 3 jobs');
  const same = failures(workspace, 2, { job: 'books' });
  expect(await title('[alert] {job}', same)).toBe('[alert] books');
  expect(await title('[alert] {job}', same.slice(0, 1))).toBe('[alert] books');
});

it.each(['ntfy', 'slack', 'discord', 'gotify'] as const)(
  'a joined message of %s names all of 50 failures',
  async (type) => {
    const workspace = openTempWorkspace();
    const own = channel(type);
    const text = await composeMessage(workspace, own, failures(workspace, 50));
    expect(text.paragraphs[0]?.split('\n')).toHaveLength(50);
    expect(toPlainText(text, TEXT_LIMITS[type])).toMatch(
      /• job50: run failed \(the site answers with an error\)\n\n.* channels log$/,
    );
  },
);

it('a joined message names as many as fit, and then always counts the others', async () => {
  const workspace = openTempWorkspace();
  const job = 'j'.repeat(60);
  const text = await composeMessage(workspace, channel('ntfy'), failures(workspace, 250, { job }));
  const shown = toPlainText(text, TEXT_LIMITS.ntfy);
  const named = shown.split('\n').filter((line) => line.startsWith('• '));
  expect(shown).toContain(`\nand ${250 - named.length} more\n`);
  expect(Buffer.byteLength(shown)).toBeGreaterThan(3_800);
});

it('marks of direction stay in a title and a text of templates, and no other control character does', async () => {
  const workspace = openTempWorkspace();
  const [message] = failures(workspace, 1);
  if (message === undefined) throw new Error('no message');
  const error = { kind: 'http', message: 'a\u202eb\u2068c\u001b[2J' };
  const evil = { ...message, facts: { ...message.facts, error } };
  const own = channel('ntfy', { subject: '{error}', text: '{error}' });
  const text = await composeMessage(workspace, own, [evil]);
  expect([text.title, ...text.paragraphs]).toEqual(['a�b�c�[2J', 'a�b�c�[2J']);
  expect(text.isTitleOfTemplate).toBe(true);
});
