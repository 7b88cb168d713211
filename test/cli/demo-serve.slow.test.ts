import { once } from 'node:events';
import { expect } from 'vitest';
import { startBookshop } from '../../src/sandbox/bookshop.ts';
import { it } from '../extend.ts';
import { lacks } from '../platform.ts';
import { quickscrape, startProgram } from '../program.ts';

it.skipIf(lacks('signals'))(
  'keeps the shop open until Ctrl-C, and a configuration made of its page gives rows with no other step',
  async ({ home }) => {
    const free = await startBookshop();
    await free.close();
    const serving = startProgram(['demo', '--serve', '--port', String(free.port)], { home });
    let said = '';
    serving.stdout?.on('data', (data: Buffer) => {
      said += data.toString();
    });
    while (!said.includes('Ctrl-C closes the shop.')) await once(serving.stdout ?? serving, 'data');
    expect(said).toContain(`is open at ${free.url}\n`);

    const typed = /node \S*cli\.js (wizard .*)/.exec(said)?.[1]?.split(' ') ?? [];
    expect(await quickscrape([...typed, '--yes'], { home })).toMatchObject({ code: 0 });
    const scraped = await quickscrape(['scrape', 'books', '--sample', '2', '--json'], { home });
    expect(JSON.parse(scraped.stdout).items).toBe(2);

    serving.kill('SIGINT');
    expect(await once(serving, 'close')).toEqual([0, null]);
    await expect(fetch(free.url)).rejects.toThrow('fetch failed');
  },
);
