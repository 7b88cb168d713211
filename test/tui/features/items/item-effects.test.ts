import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { openLink } from '../../../../src/tui/features/items/item-effects.ts';
import type { Event } from '../../../../src/tui/kernel/model.ts';
import type { EffectContext } from '../../../../src/tui/runtime/effect-context.ts';
import { tempFolder } from '../../../temp-folder.ts';

const BROWSER = process.env['BROWSER'];
afterEach(() => {
  if (BROWSER === undefined) delete process.env['BROWSER'];
  else process.env['BROWSER'] = BROWSER;
});

/** Opens an address with a browser, and returns what the dashboard is told. */
function opened(url: string, browser: string): Promise<Event> {
  process.env['BROWSER'] = browser;
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

it.each(['file:///etc/passwd', 'javascript:alert(1)', '--help', ''])('opens no %j', (url) => {
  process.env['BROWSER'] = '/nowhere/browser';
  const told: Event[] = [];
  const context = { send: (event: Event) => told.push(event) } as unknown as EffectContext;
  openLink({ kind: 'open_link', url }, context);
  expect(told).toEqual([]);
});
