import { createHmac } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { type ChannelOf, type ChannelType, channelRule } from '../../../src/core/channels/channel-rules.ts';
import { truncateUtf8 } from '../../../src/core/lib/truncate-values.ts';
import { deliver } from '../../../src/messenger/kinds/deliver.ts';
import type { OutgoingMessage } from '../../../src/messenger/kinds/delivery.ts';
import type { MessageText } from '../../../src/messenger/text/message-text.ts';
import { httpReceiver, mailServer } from '../receivers.ts';

/** A message in which each text is what a hostile page might want to say. */
const EVIL =
  '@everyone <!channel> <a href="http://evil.example">x</a> [y](http://evil.example) ```` *b* {title} "\\';
const TEXT: MessageText = {
  event: 'failure',
  title: `books: run failed ${EVIL}`,
  paragraphs: [`It failed. ${EVIL}`],
  changes: [
    {
      kind: 'changed',
      name: EVIL,
      link: 'http://evil.example/',
      values: [{ field: 'price', before: EVIL, after: '£2' }],
    },
  ],
  moreChanges: 3,
  next: ['quickscrape job logs abc'],
  fields: { event: 'failure', title: EVIL, job: 'books', error: `a "quote"\nand ${EVIL}` },
};

function send<T extends ChannelType>(
  channel: { type: T } & Record<string, unknown>,
  { text = TEXT, accepted = [], onAccepted }: Partial<OutgoingMessage> = {},
) {
  const parsed = channelRule(channel.type).parse(channel) as ChannelOf<T>;
  const message = { id: 'm1', time: Date.parse('2026-03-01T12:00:00Z'), text, accepted, onAccepted };
  return deliver(parsed, message, AbortSignal.timeout(20_000));
}

const SENT = { isSent: true };

describe('a webhook', () => {
  it('gets the message as JSON, with an id and a signature of Standard Webhooks', async () => {
    const { url, received } = await httpReceiver();
    const secret = `whsec_${Buffer.from('a key').toString('base64')}`;
    expect(
      await send({ type: 'webhook', url: `${url}/hook?a=1`, secret, headers: { 'x-team': 'two' } }),
    ).toEqual(SENT);
    const [request] = received;
    const {
      'webhook-id': id,
      'webhook-timestamp': time,
      'webhook-signature': signature,
    } = request?.headers ?? {};
    const expected = createHmac('sha256', 'a key').update(`m1.${time}.${request?.body}`).digest('base64');
    expect([request?.method, request?.path, id, signature]).toEqual([
      'POST',
      '/hook?a=1',
      'm1',
      `v1,${expected}`,
    ]);
    expect(request?.headers['x-team']).toBe('two');
    expect(JSON.parse(request?.body ?? '')).toMatchObject({
      id: 'm1',
      time: '2026-03-01T12:00:00.000Z',
      event: 'failure',
      job: 'books',
      rows: [{ kind: 'changed', name: EVIL }],
      more_rows: 3,
    });
  });

  it('gets a template that stays JSON, whatever the values are', async () => {
    const { url, received } = await httpReceiver();
    await send({ type: 'webhook', url, method: 'PUT', body: '{"text": "{job}: {error} {unknown}"}' });
    expect(JSON.parse(received[0]?.body ?? '')).toEqual({ text: `books: ${TEXT.fields['error']} {unknown}` });
  });

  it.each(['Content-Type', 'content-type', 'CONTENT-TYPE'])(
    'has one content type: that of %s',
    async (name) => {
      const { url, received } = await httpReceiver();
      const headers = { [name]: 'text/plain; charset=utf-8' };
      await send({ type: 'webhook', url, headers, body: '{error}' });
      expect(received[0]?.headers['content-type']).toBe('text/plain; charset=utf-8');
      expect(received[0]?.body).toBe(TEXT.fields['error']);
    },
  );

  it('gets a form whose fields no value can add to', async () => {
    const { url, received } = await httpReceiver();
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const error = 'price &to=all&text=pwned +%26 é\n=';
    const text = { ...TEXT, fields: { ...TEXT.fields, error } };
    await send({ type: 'webhook', url, headers, body: 'to=me&text={error}' }, { text });
    expect([...new URLSearchParams(received[0]?.body)]).toEqual([
      ['to', 'me'],
      ['text', error],
    ]);
  });

  it('that redirects, refuses or is away is an error without its address', async () => {
    const statuses = [301, 404, 429, 500];
    for (const status of statuses) {
      const { url } = await httpReceiver(() => ({
        status,
        body: 'no\u001b[2J such hook',
        headers: status === 429 ? { 'retry-after': '70' } : {},
      }));
      const delivery = await send({ type: 'webhook', url: `${url}/token-4711` });
      expect(delivery).toMatchObject({ isSent: false, ...(status === 429 && { retryAfterMs: 70_000 }) });
      expect(JSON.stringify(delivery)).toContain(`HTTP ${status}`);
      expect(JSON.stringify(delivery)).not.toMatch(/4711|\\u001b/);
    }
    expect(await send({ type: 'webhook', url: 'http://127.0.0.1:2/token-4711' })).toEqual({
      isSent: false,
      error: '127.0.0.1:2: nothing answers there (connection refused)',
      isUnreachable: true,
    });
    expect(await send({ type: 'webhook', url: 'http://nowhere.invalid/x' })).toMatchObject({ isSent: false });
  });
});

it('ntfy gets title, text and topic as JSON', async () => {
  const { url, received } = await httpReceiver();
  expect(
    await send({ type: 'ntfy', url: `${url}/sub/my-topic?auth=tk_2`, token: 'tk_1', priority: 5 }),
  ).toEqual(SENT);
  expect(received[0]).toMatchObject({
    path: '/sub/?auth=tk_2',
    headers: { authorization: 'Bearer tk_1' },
  });
  expect(JSON.parse(received[0]?.body ?? '')).toMatchObject({
    topic: 'my-topic',
    title: TEXT.title,
    priority: 5,
    message: expect.stringContaining(`~ ${EVIL}: price`),
  });
});

it('gotify gets plain text and its token in a header', async () => {
  const { url, received } = await httpReceiver();
  await send({ type: 'gotify', url: `${url}/gotify/`, token: 'A1' });
  expect(received[0]).toMatchObject({ path: '/gotify/message', headers: { 'x-gotify-key': 'A1' } });
  expect(JSON.parse(received[0]?.body ?? '').extras['client::display'].contentType).toBe('text/plain');
});

it('Slack gets texts in which it reads neither mentions nor links', async () => {
  const { url, received } = await httpReceiver();
  await send({ type: 'slack', url: `${url}/services/T/B` });
  const body = JSON.parse(received[0]?.body ?? '');
  const types = body.blocks.map(({ text }: { text: { type: string } }) => text.type);
  expect(new Set(types)).toEqual(new Set(['plain_text']));
  expect(body).toMatchObject({ parse: 'none', link_names: false, unfurl_links: false });
  expect(body.text).not.toMatch(/[<>]/);
});

it('Discord mentions nobody, and shows what pages say as code that cannot end early', async () => {
  const { url, received } = await httpReceiver();
  await send({ type: 'discord', url: `${url}/api/webhooks/1/x` });
  const { allowed_mentions, embeds, content } = JSON.parse(received[0]?.body ?? '');
  expect([allowed_mentions, content]).toEqual([{ parse: [] }, undefined]);
  expect(embeds[0].description).toMatch(/^```\n[^`]*\n```$/);
  expect(embeds[0].title).not.toMatch(/(?<!\\)[*_~`|[\]()@<>]/);
});

it('Telegram shows what pages say as code', async () => {
  const { url, received } = await httpReceiver();
  expect(await send({ type: 'telegram', token: '1:a', chat: -100, server: url })).toEqual(SENT);
  expect(received[0]?.path).toBe('/bot1:a/sendMessage');
  const { text, parse_mode, chat_id, link_preview_options } = JSON.parse(received[0]?.body ?? '');
  expect([parse_mode, chat_id, link_preview_options]).toEqual(['HTML', -100, { is_disabled: true }]);
  expect(text.replaceAll(/<\/?(?:b|pre)>/g, '')).not.toMatch(/[<>]/);
});

it('Telegram shows a title that a template made as code too', async () => {
  const { url, received } = await httpReceiver();
  const text = { ...TEXT, title: '@name evil.example', isTitleOfTemplate: true };
  await send({ type: 'telegram', token: '1:a', chat: 1, server: url }, { text });
  expect(JSON.parse(received[0]?.body ?? '').text).toMatch(/^<code>@name evil\.example<\/code>\n<pre>/);
});

it.each(['😀', '"', '<', '*', '中', '\n'])(
  'no limit of a service is exceeded by a page full of %j',
  async (character) => {
    const { url, received } = await httpReceiver();
    const long = character.repeat(9_000);
    const title = truncateUtf8(long.replaceAll('\n', 'n'), 200);
    const text = { ...TEXT, title, paragraphs: [long], changes: [], moreChanges: 0 };
    await send({ type: 'ntfy', url: `${url}/topic` }, { text });
    await send({ type: 'slack', url }, { text });
    await send({ type: 'discord', url }, { text });
    await send({ type: 'telegram', token: '1:a', chat: 1, server: url }, { text });
    const [ntfy, slack, discord, telegram] = received.map(({ body }) => JSON.parse(body));
    expect(Buffer.byteLength(ntfy.message)).toBeLessThan(4_096);
    expect(Buffer.byteLength(received[0]?.body ?? '')).toBeLessThan(8_192);
    for (const { type, text: block } of slack.blocks)
      expect(block.text.length).toBeLessThanOrEqual(type === 'header' ? 150 : 3_000);
    const [{ title: heading, description }] = discord.embeds;
    expect(heading.length).toBeLessThanOrEqual(256);
    expect(heading.replaceAll(/\\./g, '')).not.toContain('\\');
    expect(description.length).toBeLessThanOrEqual(4_096);
    expect(
      telegram.text.replaceAll(/<\/?(?:b|pre)>/g, '').replaceAll(/&\w+;/g, '&').length,
    ).toBeLessThanOrEqual(4_096);
    for (const { body } of received) expect(body).not.toMatch(/\\ud[89a-f]/i);
  },
);

it('a monitor is pinged as Healthchecks defines it', async () => {
  const { url, received } = await httpReceiver();
  for (const event of ['start', 'success', 'failure'] as const)
    await send({ type: 'heartbeat', url: `${url}/uuid/?rid=1` }, { text: { ...TEXT, event } });
  expect(received.map(({ path }) => path)).toEqual(['/uuid/start?rid=1', '/uuid?rid=1', '/uuid/fail?rid=1']);
});

it('a monitor takes neither an event of a job nor a test for a success', async () => {
  const { url, received } = await httpReceiver();
  const ping = (event: MessageText['event']) =>
    send({ type: 'heartbeat', url }, { text: { ...TEXT, event } });
  expect([await ping('paused'), await ping('test')]).toEqual([SENT, SENT]);
  for (const event of ['recovery', 'change', 'missed', 'channel'] as const)
    expect(await ping(event)).toMatchObject({ isSent: false, isFinal: true });
  expect(received.map(({ path }) => path)).toEqual(['/fail', '/log']);
});

describe('mail', () => {
  const mail = (port: number, fields: object = {}) => ({
    type: 'email' as const,
    server: `smtp://127.0.0.1:${port}`,
    tls: 'optional',
    from: 'QuickScrape <jobs@example.com>',
    to: ['anna@example.com', 'ben@example.com'],
    ...fields,
  });

  it('goes to each recipient as text and as HTML that shows tags as text', async () => {
    const { port, mails } = await mailServer();
    const onAccepted = vi.fn();
    expect(await send(mail(port), { onAccepted })).toEqual({ isSent: true });
    expect(onAccepted.mock.calls).toEqual([['anna@example.com'], ['ben@example.com']]);
    expect(mails.map(({ to, from }) => [from, ...to])).toEqual([
      ['jobs@example.com', 'anna@example.com'],
      ['jobs@example.com', 'ben@example.com'],
    ]);
    const text = mails[0]?.text.replaceAll('=\r\n', '').replaceAll('=3D', '=') ?? '';
    expect(text).toContain('Message-ID: <m1@quickscrape.invalid>');
    expect(text).toContain('Auto-Submitted: auto-generated');
    expect(text).toContain('&lt;a href=&quot;http://evil.example&quot;&gt;');
    expect(text.split('Content-Type: text/html')[1]).not.toContain('<a ');
  });

  it('goes to each mailbox once, however it is written', async () => {
    const { port, mails } = await mailServer();
    await send(mail(port, { to: ['Anna <anna@example.com>', 'Anna@example.com', 'ben@example.com'] }));
    expect(mails.map(({ to }) => to[0]?.toLowerCase())).toEqual(['anna@example.com', 'ben@example.com']);
  });

  it('keeps the directions of values apart', async () => {
    const { port, mails } = await mailServer();
    const values = [{ field: 'price', before: 'אב 10', after: 'אב 8' }];
    const changes = [{ kind: 'changed' as const, name: 'x', link: null, values }];
    await send(mail(port, { to: 'anna@example.com' }), { text: { ...TEXT, changes } });
    const [, plain = '', html = ''] = (mails[0]?.text ?? '').split(/Content-Type: text\/(?:plain|html)/);
    const decode = (part: string) =>
      /base64/.test(part)
        ? Buffer.from(part.split('\r\n\r\n')[1]?.split('--')[0] ?? '', 'base64').toString()
        : Buffer.from(
            part
              .replaceAll('=\r\n', '')
              .replaceAll(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
            'latin1',
          ).toString();
    expect(decode(plain)).toContain('price \u2068אב 10\u2069 → \u2068אב 8\u2069');
    expect(decode(html)).toContain('<bdi>אב 10</bdi> → <b><bdi>אב 8</bdi></b>');
  });

  it('goes again only to those that the server did not take', async () => {
    let isFull = true;
    const { port, mails } = await mailServer({ refuses: (address) => isFull && address.startsWith('ben') });
    const onAccepted = vi.fn();
    const first = await send(mail(port), { onAccepted });
    expect(onAccepted.mock.calls).toEqual([['anna@example.com']]);
    expect(first).toMatchObject({
      isSent: false,
      error: expect.stringContaining('no mailbox'),
    });
    isFull = false;
    expect(await send(mail(port), { accepted: ['anna@example.com'] })).toMatchObject({ isSent: true });
    expect(mails.map(({ to }) => to)).toEqual([['anna@example.com'], ['ben@example.com']]);
  });

  it('has one subject line, whatever the title holds', async () => {
    const { port, mails } = await mailServer();
    await send(mail(port, { to: 'anna@example.com' }), {
      text: { ...TEXT, title: 'a\r\nBcc: eve@evil.example\r\n\r\nbody' },
    });
    expect(mails).toHaveLength(1);
    expect(mails[0]?.text.split('\r\n\r\n')[0]).not.toMatch(/^Bcc:/m);
  });

  it('signs in, and says so when it may not', async () => {
    const { port, mails } = await mailServer({ login: ['jobs', 'pass word'] });
    expect(await send(mail(port, { user: 'jobs', password: 'pass word' }))).toMatchObject({ isSent: true });
    const refused = await send(mail(port, { user: 'jobs', password: 'wr0ng-secret' }));
    expect(refused).toMatchObject({ isSent: false, error: expect.stringMatching(/login|auth|535/i) });
    expect(JSON.stringify(refused)).not.toContain('wr0ng-secret');
    expect(mails).toHaveLength(2);
  });

  it('is not sent in clear text, nor to a server whose certificate is not valid', async () => {
    const plain = await mailServer();
    expect(await send(mail(plain.port, { tls: 'required' }))).toMatchObject({ isSent: false });
    const self = await mailServer({ hasTls: true });
    const refused = await send(mail(self.port, { tls: 'required' }));
    expect(refused).toMatchObject({ isSent: false, error: expect.stringMatching(/certificate/) });
    expect([plain.mails, self.mails]).toEqual([[], []]);
  });

  it('to a server without TLS is an error in words', async () => {
    const { port } = await mailServer();
    const sent = await send(mail(port, { server: `smtps://127.0.0.1:${port}` }));
    expect(sent).toMatchObject({
      isSent: false,
      error: `127.0.0.1:${port}: it does not speak TLS there (smtp:// begins without)`,
    });
  });

  it('to a server that does not answer is an error', async () => {
    expect(await send(mail(1))).toEqual({
      isSent: false,
      isUnreachable: true,
      error: '127.0.0.1:1: nothing answers there (connection refused)',
    });
  });
});
