import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openWorkspace } from '../../src/core/workspace.ts';
import { HomeReader } from '../../src/tui/runtime/home/home-reader.ts';
import { settle } from '../core/database/recovery/damaged-home.ts';
import { gatedConfig, gatedSite } from '../gated-site.ts';
import { quickscrape } from '../program.ts';
import { tempFolder } from '../temp-folder.ts';

/** A home whose database was copied, then used, and the copy put back: it lacks a run. */
async function homeBehind(): Promise<string> {
  const site = await gatedSite();
  const home = tempFolder();
  const workspace = openWorkspace({ home, actor: 'library' });
  await workspace.configs.write('site', gatedConfig(site.url));
  const schedule = { type: 'daily', time: '09:00', timezone: 'UTC' };
  await workspace.jobs.create({ id: 'news', fields: { config_name: 'site', schedule } }, 'library');
  workspace.close();
  const [database, copy] = [join(home, 'quickscrape.db'), join(tempFolder(), 'copy.db')];
  expect(await quickscrape(['job', 'run', 'news'], { home })).toMatchObject({ code: 0 });
  settle(database);
  copyFileSync(database, copy);
  expect(await quickscrape(['job', 'run', 'news'], { home })).toMatchObject({ code: 0 });
  for (const end of ['', '-wal', '-shm']) rmSync(database + end, { force: true });
  copyFileSync(copy, database);
  return home;
}

const LOSS = /to be older than the runs of this home/;

const line = (id: number, method: string, params?: object) =>
  `${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`;

const answerTo = (id: number, stdout: string) =>
  stdout
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text))
    .find((message) => message.id === id)?.result;

it('an older database is reported by rpc, the first to open it, and in its answer', async () => {
  const home = await homeBehind();
  const { stdout, stderr } = await quickscrape(['rpc'], { home, input: line(1, 'get_scheduler') });
  expect(stderr).toMatch(LOSS);
  expect(answerTo(1, stdout).warnings.join('\n')).toMatch(LOSS);
});

it('an older database is reported by mcp, also in the text of the answer', async () => {
  const home = await homeBehind();
  const client = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 't', version: '1' } };
  const input =
    line(1, 'initialize', client) + line(2, 'tools/call', { name: 'get_scheduler', arguments: {} });
  const { stdout, stderr } = await quickscrape(['mcp'], { home, input });
  expect(stderr).toMatch(LOSS);
  const { structuredContent, content } = answerTo(2, stdout);
  expect(structuredContent.warnings.join('\n')).toMatch(LOSS);
  expect(JSON.parse(content[0].text)).toEqual(structuredContent);
});

it('an older database is reported in the dashboard, and its run is back in the history', async () => {
  const home = await homeBehind();
  const workspace = openWorkspace({ home, actor: 'tui' });
  const { data } = new HomeReader(workspace).readAll();
  workspace.close();
  expect(data.loss?.text).toMatch(LOSS);
  expect(data.jobs[0]?.history.map(({ status }) => status)).toEqual(['succeeded', 'succeeded']);
});
