import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import {
  copyItems,
  findGoneItems,
  openLink,
  readItems,
} from '../../../../src/tui/features/items/item-effects.ts';
import type { Event } from '../../../../src/tui/kernel/model.ts';
import type { EffectContext } from '../../../../src/tui/runtime/effect-context.ts';
import { addRun } from '../../../core/operations/add-run.ts';
import { it } from '../../../extend.ts';
import { tempFolder } from '../../../temp-folder.ts';

beforeEach(() => void vi.stubEnv('TMUX', undefined));
afterEach(() => void vi.unstubAllEnvs());

/** Opens an address with a browser, and returns what the dashboard is told until something came of it. */
function opened(url: string, browser: string): Promise<Event[]> {
  vi.stubEnv('BROWSER', browser);
  const told: Event[] = [];
  return new Promise((resolve) => {
    const send = (event: Event) => {
      told.push(event);
      if (event.kind === 'said' && event.tone !== 'info') resolve(told);
    };
    openLink({ kind: 'open_link', url }, { send, screen: { send() {} } } as unknown as EffectContext);
  });
}

/** A program that opens addresses, as a shell script. */
function browserThat(does: string): string {
  const browser = join(tempFolder(), 'browser');
  writeFileSync(browser, `#!/bin/sh\n${does}\n`);
  chmodSync(browser, 0o755);
  return browser;
}

it('an address of a page goes to the browser as one argument, without a shell', async () => {
  const file = join(tempFolder(), 'arguments');
  const told = await opened('https://shop.example/a b;touch x', browserThat(`printf '%s|' "$@" > ${file}`));
  expect(told).toMatchObject([
    { tone: 'info', text: 'Opening https://shop.example/a%20b;touch%20x' },
    { tone: 'good', text: 'Opened https://shop.example/a%20b;touch%20x' },
  ]);
  expect(readFileSync(file, 'utf8')).toBe('https://shop.example/a%20b;touch%20x|');
});

it('a browser that goes on running has opened the address', async () => {
  const [opening, done] = await opened('https://shop.example/', browserThat('exec sleep 20'));
  expect(opening).toMatchObject({ tone: 'info' });
  expect(done).toMatchObject({ tone: 'good', text: 'Opened https://shop.example/' });
});

it('says that an opener failed, and copies the address', async () => {
  vi.stubEnv('QUICKSCRAPE_OUTER_TMUX', undefined);
  const browser = browserThat('exit 3');
  expect((await opened('https://shop.example/', browser)).at(-1)).toMatchObject({
    tone: 'bad',
    text: `${browser} did not open it (exit code 3). The link is copied; or name another browser in $BROWSER.`,
  });
});

it('says which program did not start, and the address', async () => {
  expect((await opened('https://shop.example/', '/nowhere/browser')).at(-1)).toMatchObject({
    tone: 'warning',
    text: '/nowhere/browser did not start: name a browser in $BROWSER. https://shop.example/',
  });
});

it('copies the address where ssh leads to a machine without a display', () => {
  for (const name of ['BROWSER', 'DISPLAY', 'WAYLAND_DISPLAY', 'TMUX', 'QUICKSCRAPE_OUTER_TMUX'])
    vi.stubEnv(name, undefined);
  vi.stubEnv('SSH_CONNECTION', '127.0.0.1 50000 127.0.0.1 22');
  const told: Event[] = [];
  const written: string[] = [];
  const context = {
    send: (event: Event) => told.push(event),
    screen: { send: (text: string) => written.push(text) },
  } as unknown as EffectContext;
  const open = (url: string) => openLink({ kind: 'open_link', url }, context);
  open('https://shop.example/a');
  expect(written).toEqual([`\u001b]52;c;${Buffer.from('https://shop.example/a').toString('base64')}\u0007`]);
  const long = `https://shop.example/${'a'.repeat(80_000)}`;
  open(long);
  expect(told).toMatchObject([
    { tone: 'good', text: 'No browser on this machine: the link is copied.' },
    { tone: 'warning', text: `No browser on this machine: ${long}` },
  ]);
  expect(written).toHaveLength(1);
});

it.for(['file:///etc/passwd', 'javascript:alert(1)', '--help', ''])('opens no %j', (url) => {
  vi.stubEnv('BROWSER', '/nowhere/browser');
  const told: Event[] = [];
  const context = { send: (event: Event) => told.push(event) } as unknown as EffectContext;
  openLink({ kind: 'open_link', url }, context);
  expect(told).toEqual([]);
});

it('copies only the fields of the shown columns, in their order', async ({ workspace }) => {
  addRun({ workspace }, 'abc', { items: [{ n: 1, text: 'a', rest: 2 }, { n: 2 }] });
  const sent: string[] = [];
  await new Promise<Event>((send) => {
    const screen = { send: (sequence: string) => sent.push(sequence) };
    const context = { workspace, screen, send } as unknown as EffectContext;
    const fields = ['text', 'n'];
    copyItems({ kind: 'copy_items', jobId: 'mine', runId: 'abc', rows: [0, 1], fields }, context);
  });
  const base64 = /\]52;c;([\w+/=]*)/.exec(sent.join(''))?.[1] ?? '';
  const text = Buffer.from(base64, 'base64').toString();
  expect(JSON.parse(text)).toEqual([{ text: 'a', n: 1 }, { n: 2 }]);
  expect(text.indexOf('text')).toBeLessThan(text.indexOf('"n"'));
});

it('finds the runs whose items are gone', ({ workspace }) => {
  addRun({ workspace }, 'kept', { items: [{ n: 1 }] });
  addRun({ workspace }, 'gone', { items: null });
  const told: Event[] = [];
  const context = { workspace, send: (event: Event) => told.push(event) } as unknown as EffectContext;
  findGoneItems(
    { kind: 'find_gone_items', jobId: 'mine', runId: 'shown', runIds: ['kept', 'gone', 'never'] },
    context,
  );
  expect(told).toEqual([
    { kind: 'items', runId: 'shown', event: { kind: 'gone', runIds: ['gone', 'never'] } },
  ]);
});

it.for([
  { text: 'x', rows: 600, told: /^Copied 600 items\.$/ },
  {
    text: 'x'.repeat(1_000),
    rows: 60,
    told: /^Copied 5\d of 60 items: \d more would be too long for the terminal's clipboard\. x writes all of them/,
  },
  {
    text: '本'.repeat(30_000),
    rows: 1,
    told: /^Copied nothing: 1 more would be too long for the terminal's clipboard\. x writes all of them/,
  },
])(
  'copies as many items as the clipboard takes, and says how many it did not',
  async ({ text, rows, told }, { workspace }) => {
    addRun({ workspace }, 'abc', { items: Array.from({ length: rows }, (_, n) => ({ n, text })) });
    const sent: string[] = [];
    const notice = await new Promise<Event>((send) => {
      const screen = { send: (sequence: string) => sent.push(sequence) };
      const context = { workspace, screen, send } as unknown as EffectContext;
      const numbers = Array.from({ length: rows }, (_, n) => n);
      copyItems({ kind: 'copy_items', jobId: 'mine', runId: 'abc', rows: numbers }, context);
    });
    const said = notice.kind === 'said' ? notice.text : '';
    expect(said).toMatch(told);
    const base64 = /\]52;c;([\w+/=]*)/.exec(sent.join(''))?.[1] ?? '';
    expect(base64.length).toBeLessThanOrEqual(74_994);
    const copied = base64 === '' ? [] : (JSON.parse(Buffer.from(base64, 'base64').toString()) as unknown[]);
    expect(copied).toHaveLength(Number(/Copied (\d+)/.exec(said)?.[1] ?? 0));
  },
);

/** What the dashboard is told when it opens the items of a run. */
function readAll(workspace: EffectContext['workspace'], runId: string): Promise<Event> {
  return new Promise((send) => {
    const context = { workspace, send } as unknown as EffectContext;
    const request = { first: 0, count: 10, query: { terms: [] }, asks: 1 };
    readItems({ kind: 'read_items', jobId: 'mine', runId, ...request }, context);
  });
}

it('says of a run whose items are gone how many they were, why, and what to do', async ({ workspace }) => {
  addRun({ workspace }, 'gone', { items: null });
  const event = {
    kind: 'problem',
    text: expect.stringMatching(/^the items of run gone are gone \(3\): .*jsonl\. /),
  };
  const told = await readAll(workspace, 'gone');
  expect(told).toEqual({ kind: 'items', runId: 'gone', event });
  expect(JSON.stringify(told)).toContain('its past was invented. Choose another run, or run the job again.');
});

it('a run that found nothing, or has only begun, has no items yet', async ({ workspace }) => {
  addRun({ workspace }, 'none', { items: [] });
  addRun({ workspace }, 'begun', { status: 'running', items: null });
  for (const runId of ['none', 'begun'])
    expect(await readAll(workspace, runId)).toMatchObject({ event: { kind: 'page', page: { all: 0 } } });
});
