import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startBookshop } from '../../../src/sandbox/bookshop.ts';
import { bookshopConfig } from '../../../src/sandbox/config.ts';
import { needs } from '../../platform.ts';
import { PROGRAM } from '../../program.ts';
import { waitFor } from '../../wait-for.ts';
import { shopHome } from '../shop-home.ts';

/** Runs the program on a pseudo-terminal of 60 columns, which script(1) makes. */
function onTerminal(home: string, args: string[], env: Record<string, string> = {}) {
  needs('terminal');
  const { NO_COLOR: _, ...inherited } = process.env;
  const line = ['stty cols 60;', 'exec', process.execPath, PROGRAM, ...args].join(' ');
  const child = spawn('script', ['-qec', line, '/dev/null'], {
    env: { ...inherited, QUICKSCRAPE_HOME: home, TERM: 'xterm', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const seen = { text: '' };
  child.stdout.on('data', (data: Buffer) => {
    seen.text += data.toString();
  });
  return { child, seen, ended: once(child, 'close').then(([code]) => code as number) };
}

async function withJob() {
  const home = shopHome();
  await home.json(
    'job',
    'create',
    '--config',
    'books',
    '--cron',
    '@daily',
    '--id',
    'a-job-with-a-long-name-of-its-own',
  );
  return home;
}

it('asks before it deletes, and the answer is no unless it is yes', async () => {
  const { home } = await withJob();
  const file = join(home, 'jobs', 'a-job-with-a-long-name-of-its-own.json');
  for (const [answer, code, kept] of [
    ['\r', 1, true],
    ['n\r', 1, true],
    ['\x04', 1, true],
    ['\x03', 130, true],
    ['y\r', 0, false],
  ] as const) {
    const { child, seen, ended } = onTerminal(home, ['job', 'delete', 'a-job']);
    await waitFor('the question', () => seen.text.includes('[y/N]'));
    child.stdin.write(answer);
    expect(await ended).toBe(code);
    expect(seen.text).not.toContain('error');
    expect(existsSync(file)).toBe(kept);
  }
});

it('cuts tables to the width of the terminal and colours the status, unless told not to', async () => {
  const { home } = await withJob();
  const list = onTerminal(home, ['job', 'list']);
  await list.ended;
  expect(list.seen.text).toContain('a-job-with-a-long-name-of-its-own');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours take no room
  for (const line of list.seen.text.replaceAll(/\x1b\[\d+m/g, '').split(/\r?\n/))
    expect(line.length).toBeLessThanOrEqual(60);
  expect(list.seen.text).toContain('\x1b[');
  for (const [args, env] of [
    [['job', 'list', '--no-color'], {}],
    [['job', 'list'], { NO_COLOR: '1' }],
    [['job', 'list'], { TERM: 'dumb' }],
  ] as const) {
    const plain = onTerminal(home, [...args], env);
    await plain.ended;
    expect(plain.seen.text).not.toContain('\x1b[');
  }
});

it('shows a bar with its end on a terminal, and takes it away', async () => {
  const shop = await startBookshop();
  onTestFinished(() => shop.close());
  const { home } = shopHome({ books: bookshopConfig(shop.url) });
  const { seen, ended } = onTerminal(home, ['scrape', 'books', '--delay', '0.05', '--max-pages', '20']);
  expect(await ended).toBe(0);
  expect(seen.text).toMatch(/books .* page/);
  expect(seen.text).toMatch(/400 items from 20 pages/);
  expect(seen.text).not.toContain('\x1b[?25l');
});

it('asks before it resets all settings, on a terminal', async () => {
  const { home, json } = shopHome({});
  await json('config', 'set', 'keep_runs', '7');
  for (const [answer, code, value] of [
    ['n\r', 1, 7],
    ['y\r', 0, 50],
  ] as const) {
    const { child, seen, ended } = onTerminal(home, ['config', 'reset']);
    await waitFor('the question', () => seen.text.includes('[y/N]'));
    child.stdin.write(answer);
    expect(await ended).toBe(code);
    expect(await json('config', 'get', 'keep_runs')).toMatchObject({ value });
  }
});
