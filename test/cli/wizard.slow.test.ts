import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startBookshop } from '../../src/sandbox/bookshop.ts';
import { startQuotes } from '../fixtures/quotes/server.ts';
import { PROGRAM } from '../program.ts';
import { TestTerminal } from '../tui/terminal.ts';
import { shopHome } from './shop-home.ts';

const ENTER = '\r';
const DOWN = '\u001b[B';
const CTRL_C = '\u0003';

function wizardIn(home: string, ...args: string[]): TestTerminal {
  return new TestTerminal(process.execPath, [PROGRAM, 'wizard', '--home', home, ...args], {
    columns: 110,
    rows: 50,
  });
}

async function bookshop() {
  const shop = await startBookshop();
  onTestFinished(() => shop.close());
  return shop;
}

it('leads from an address to a saved configuration and its job, and asks again after an invalid address', async () => {
  const shop = await bookshop();
  const { home, json } = shopHome({});
  const terminal = wizardIn(home);
  await terminal.waitFor(/Which page\?\s+\S+\s+https:\/\/shop\.example\/books/);
  terminal.send(`nowhere${ENTER}`);
  await terminal.waitFor('The host "nowhere" has no dot');
  terminal.send(`\u0015https://http://127.0.0.1:9/none${ENTER}`);
  await terminal.waitFor(/Reading http:\/\/127\.0\.0\.1:9\/none/);
  // What was typed is there to be corrected.
  await terminal.waitFor(
    /nothing listens[\s\S]*Which page\?\s+\S+\s+https:\/\/http:\/\/127\.0\.0\.1:9\/none/,
  );
  terminal.send(`\u0015https://${shop.url}${ENTER}`);
  await terminal.waitFor('What is one row?');
  terminal.send(ENTER);
  await terminal.waitFor('Which fields?');
  // The first one, the rating, is left out.
  terminal.send(` ${ENTER}`);
  await terminal.waitFor('Rename a field?');
  terminal.send(`${DOWN}${ENTER}`);
  await terminal.waitFor('Its new name?');
  terminal.send(`\u0015book${ENTER}`);
  await terminal.waitFor(/Rename a field\?[\s\S]*book/);
  terminal.send(ENTER);
  await terminal.waitFor('How many to read?');
  terminal.send(ENTER);
  await terminal.waitFor('20 rows on the first page');
  await terminal.waitFor('Which format?');
  terminal.send(`${DOWN}${ENTER}`);
  await terminal.waitFor('Name of the configuration?');
  terminal.send(`\u0015books${ENTER}`);
  await terminal.waitFor('Run it by a schedule?');
  terminal.send(`${DOWN}${ENTER}`);
  await terminal.waitFor('At what time?');
  terminal.send(ENTER);
  await terminal.waitFor('create its job?');
  expect(existsSync(join(home, 'configs', 'books.yaml'))).toBe(false);
  terminal.send(ENTER);
  await terminal.waitFor('quickscrape scheduler start');
  expect((await terminal.exited).exitCode).toBe(0);

  const yaml = readFileSync(join(home, 'configs', 'books.yaml'), 'utf8');
  expect(yaml).toMatch(/^ {2}book:\n/m);
  expect(yaml).not.toContain('rating');
  expect(yaml).toContain('format: json\n');
  const { jobs } = await json('job', 'list');
  expect(jobs).toMatchObject([{ config_name: 'books' }]);
  expect(await json('scrape', 'books', '--delay', '0')).toMatchObject({ items: 60, pages: 3 });
});

it('leaves nothing behind when it is cancelled, at a question or while it loads a page', async () => {
  const shop = await bookshop();
  const { home, json } = shopHome({});
  const terminal = wizardIn(home, shop.url);
  await terminal.waitFor('What is one row?');
  terminal.send(CTRL_C);
  expect((await terminal.exited).exitCode).toBe(130);
  const silent = createServer(() => {});
  onTestFinished(() => void silent.close());
  await new Promise<void>((listening) => silent.listen(0, '127.0.0.1', listening));
  const { port } = silent.address() as AddressInfo;
  const reading = wizardIn(home, `http://127.0.0.1:${port}/`);
  await reading.waitFor('Reading');
  reading.send(CTRL_C);
  expect((await reading.exited).exitCode).toBe(130);
  expect(await json('list')).toMatchObject({ total: 0 });
});

it('offers a browser for a page that its scripts make, and asks for another where nothing repeats', async () => {
  const quotes = await startQuotes();
  onTestFinished(() => quotes.close());
  const { home, program, json } = shopHome({});
  const terminal = wizardIn(home, `${quotes.url}js/`);
  await terminal.waitFor('Look again with a browser');
  terminal.send('n');
  await terminal.waitFor('Which page?');
  terminal.send(`\u0015${quotes.url}login${ENTER}`);
  await terminal.waitFor(/no repeating elements found on \S+login[\s\S]*Which page\?/);
  terminal.send(CTRL_C);
  expect((await terminal.exited).exitCode).toBe(130);
  const unasked = await program('wizard', `${quotes.url}login`, '--yes');
  expect(unasked.code).toBe(2);
  expect(unasked.stderr).toMatch(/no repeating elements found on \S+login[\s\S]*quickscrape init/);
  expect(await json('list')).toMatchObject({ total: 0 });
});

it('without a terminal says how to do without questions; with --yes it stores the best proposal and replaces nothing', async () => {
  const shop = await bookshop();
  const { home, qs, program, json } = shopHome({});
  const asked = await program('wizard', shop.url);
  expect(asked.code).toBe(2);
  expect(asked.stderr).toContain('--yes');
  const wrong = await qs('wizard', 'https://https/books', '--yes');
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain('the host "https" has no dot');
  const typed = `https://${shop.url}`;
  const made = await json('wizard', typed, '--yes', '--name', 'books');
  expect(made).toMatchObject({ config_name: 'books', created: true, items: 20, warnings: [] });
  expect(made['sample']).toHaveLength(5);
  const again = await qs('wizard', shop.url, '--yes', '--name', 'books');
  expect(again.code).toBe(4);
  expect(again.stderr).toContain('books already');
  expect(await json('validate', join(home, 'configs', 'books.yaml'))).toMatchObject({
    valid: true,
    issues: [],
  });
});
