import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { openLink } from '../../../../src/tui/features/items/item-effects.ts';
import type { Event } from '../../../../src/tui/kernel/model.ts';
import type { EffectContext } from '../../../../src/tui/runtime/effect-context.ts';
import { tempFolder } from '../../../temp-folder.ts';

afterEach(() => void vi.unstubAllEnvs());

/** Opens an address with a browser, and returns what the dashboard is told. */
function opened(url: string, browser: string): Promise<Event> {
  vi.stubEnv('BROWSER', browser);
  return new Promise((resolve) => {
    openLink({ kind: 'open_link', url }, { send: resolve } as unknown as EffectContext);
  });
}

it('an address of a page goes to the browser as one argument, without a shell', async () => {
  const folder = tempFolder();
  const browser = join(folder, 'browser');
  writeFileSync(browser, '#!/bin/sh\ntrue\n');
  chmodSync(browser, 0o755);
  expect(await opened('https://shop.example/a b;touch x', browser)).toMatchObject({
    tone: 'good',
    text: 'Opened https://shop.example/a%20b;touch%20x',
  });
});

it('says which program did not start, and the address', async () => {
  expect(await opened('https://shop.example/', '/nowhere/browser')).toMatchObject({
    tone: 'warning',
    text: '/nowhere/browser did not start: name a browser in $BROWSER. https://shop.example/',
  });
});

it('copies the address where ssh leads to a machine without a display', () => {
  for (const name of ['BROWSER', 'DISPLAY', 'WAYLAND_DISPLAY', 'TMUX']) vi.stubEnv(name, undefined);
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

it.each(['file:///etc/passwd', 'javascript:alert(1)', '--help', ''])('opens no %j', (url) => {
  vi.stubEnv('BROWSER', '/nowhere/browser');
  const told: Event[] = [];
  const context = { send: (event: Event) => told.push(event) } as unknown as EffectContext;
  openLink({ kind: 'open_link', url }, context);
  expect(told).toEqual([]);
});
