import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { it } from '../extend.ts';
import { quickscrape, startProgram, succeed } from '../program.ts';
import { waitFor } from '../wait-for.ts';

it('the temporary folder of a scrape that was killed is removed by the next one, and no other', async ({
  home,
  folder: temp,
}) => {
  let asked = false;
  const server = createServer((_, response) => {
    asked = true;
    if (finished) response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>one</h1>');
  });
  let finished = false;
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await succeed(['init'], { home });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const config = `url: "${url}"\nselectors: { title: h1 }\nrespect_robots: false\n`;
  const env = { TMPDIR: temp, TMP: temp, TEMP: temp };
  const file = join(home, 'one.yaml');
  writeFileSync(file, config);
  const killed = startProgram(['scrape', file], { home, env });
  await waitFor('the page to be asked for', () => asked);
  const ended = new Promise((resolve) => killed.once('exit', resolve));
  killed.kill('SIGKILL');
  await ended;
  expect(readdirSync(temp)).toEqual([expect.stringMatching(`^quickscrape-scrape-${killed.pid}-`)]);
  const alive = `quickscrape-scrape-${process.pid}-abcdef`;
  mkdirSync(join(temp, alive));
  finished = true;
  expect(await quickscrape(['scrape', file], { home, env })).toMatchObject({ code: 0 });
  expect(readdirSync(temp)).toEqual([alive]);
});

it('scrape of an address says how to make a configuration of it', async ({ home }) => {
  await succeed(['init'], { home });
  const url = 'http://shop.example/list.yaml';
  const said = await quickscrape(['scrape', url], { home });
  expect(said).toMatchObject({ code: 3 });
  expect(said.stderr).toContain(`${url} is an address, not a configuration`);
  expect(said.stderr).toContain(`quickscrape wizard "${url}"`);
});
