import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { UI_EXTENSION, VIEW_MIME_TYPE } from '../../../src/rpc/mcp/app-views.ts';
import { noBrowserHere } from '../../scrape/browser/browser-site.ts';
import { tempFolder } from '../../temp-folder.ts';
import { openTempWorkspace } from '../../temp-workspace.ts';
import { showView } from './app-host.ts';
import { ERAS, openRaw, type RawClient } from './raw-client.ts';

type Fields = Record<string, unknown>;

/** A page whose rows hold what a view must show as text. */
const HOSTILE = "<img src=x onerror=\"parent.postMessage({method:'owned'},'*')\">";
const ROWS = 60;

async function changingSite(): Promise<string> {
  let visits = 0;
  const server = createServer(({ url }, response) => {
    visits += url === '/' ? 1 : 0;
    const rows = Array.from({ length: ROWS }, (_, at) => {
      const name = at === 0 ? HOSTILE.replaceAll('<', '&lt;') : `book ${String(at).padStart(2, '0')}`;
      return `<li><b>${name}</b><i>${at === 1 ? visits : 7}</i></li>`;
    });
    response.setHeader('content-type', 'text/html');
    response.end(`<ul>${rows.join('')}</ul>`);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const CONFIG = (url: string) => `url: "${url}"
item: li
selectors: { title: b, price: i }
output: { key: title }
`;

/** A home whose job has run twice, and a client that knows views. */
async function twoRuns(): Promise<{ client: RawClient; runs: string[] }> {
  const home = tempFolder();
  const workspace = openTempWorkspace({ home, actor: 'cli' });
  await workspace.configs.write('books', CONFIG(await changingSite()));
  const schedule = { type: 'daily', time: '09:00', timezone: 'UTC' };
  await workspace.jobs.create({ id: 'books', fields: { config_name: 'books', schedule } }, 'cli');
  const client = await openRaw('legacy', {
    home,
    extensions: { [UI_EXTENSION]: { mimeTypes: [VIEW_MIME_TYPE] } },
  });
  const runs: string[] = [];
  for (let count = 0; count < 2; count += 1) {
    const result = await client.call('run_job', { job_id: 'books', wait_seconds: 50 });
    runs.push(((result['structuredContent'] as Fields)['run'] as { run_id: string }).run_id);
  }
  return { client, runs };
}

interface Tool {
  name: string;
  _meta?: { ui?: { resourceUri?: string } };
}

async function viewOf(client: RawClient, name: string): Promise<string> {
  const { tools } = (await client.wire.call('tools/list', client.params())) as unknown as { tools: Tool[] };
  const uri = tools.find((tool) => tool.name === name)?._meta?.ui?.resourceUri ?? '';
  const { contents } = (await client.wire.call('resources/read', client.params({ uri }))) as {
    contents: Fields[];
  };
  expect(contents).toEqual([
    { uri, mimeType: VIEW_MIME_TYPE, text: expect.any(String), _meta: { ui: { prefersBorder: true } } },
  ]);
  return String(contents[0]?.['text']);
}

async function show(client: RawClient, tool: string, args: Fields) {
  const callTool = (name: string, asked: Fields) => client.call(name, asked);
  const html = await viewOf(client, tool);
  expect(html.length).toBeLessThan(40_000);
  return showView({ html, tool, args, result: await client.call(tool, args), callTool });
}

it.skipIf(noBrowserHere !== undefined)(
  'hosts show the changes between two runs, and hostile texts in them as text',
  async () => {
    const { client, runs } = await twoRuns();
    const { view, troubles, sent } = await show(client, 'compare_runs', { run_id: runs[1] });
    await view.locator('tr.changed').waitFor();
    expect(await view.locator('tr.changed del').textContent()).toBe('1');
    expect(await view.locator('tr.changed ins').textContent()).toBe('2');
    expect(await view.locator('img').count()).toBe(0);
    expect(troubles).toEqual([]);
    expect(await sent()).toEqual(expect.arrayContaining(['ui/initialize', 'ui/notifications/size-changed']));
    expect(await sent()).not.toContain('owned');
  },
);

it.skipIf(noBrowserHere !== undefined)(
  'hosts show runs and coming runs on a time axis, in the host’s own colours',
  async () => {
    const { client } = await twoRuns();
    const { page, view, troubles } = await show(client, 'list_runs', { job_id: 'books', limit: 1 });
    await view.locator('.lane .bar.succeeded').waitFor();
    await view.getByRole('button', { name: 'Earlier runs' }).click();
    await view.locator('footer', { hasText: '2 of 2' }).waitFor();
    expect(await view.locator('.lane .bar.succeeded').count()).toBe(2);
    expect(await view.locator('.job').textContent()).toBe('books');
    expect(await page.frames().at(-1)?.evaluate('getComputedStyle(document.body).color')).toBe(
      'rgb(1, 2, 3)',
    );
    expect(troubles).toEqual([]);

    const coming = await show(client, 'forecast_runs', { hours: 48 });
    await coming.view.locator('.bar.due').first().waitFor();
    expect(await coming.view.locator('.bar.due').count()).toBe(2);
    expect(coming.troubles).toEqual([]);
  },
);

it.skipIf(noBrowserHere !== undefined)(
  'hosts show the items of a run, page by page, sorted and searched by calls of the tool',
  async () => {
    const { client, runs } = await twoRuns();
    const { view, troubles } = await show(client, 'list_items', { run_id: runs[1], limit: 5 });
    await view.locator('footer', { hasText: '5 of 60' }).waitFor();
    expect(await view.locator('tbody tr').first().textContent()).toBe(`${HOSTILE}7`);
    await view.getByRole('button', { name: 'More' }).click();
    await view.locator('footer', { hasText: '55 of 60' }).waitFor();
    await view.getByRole('button', { name: 'title' }).click();
    await view.getByRole('button', { name: 'title ↑' }).click();
    await view.getByRole('button', { name: 'title ↓' }).waitFor();
    expect(await view.locator('tbody tr').first().textContent()).toBe('book 597');
    await view.locator('input').fill('book 1');
    await view.locator('input').press('Enter');
    await view.locator('footer', { hasText: '10 of 10' }).waitFor();
    await view.locator('input').fill('nowhere');
    await view.locator('input').press('Enter');
    await view.locator('footer', { hasText: '0 of 0' }).waitFor();
    expect(await view.locator('select').inputValue()).toBe('title');
    expect(troubles).toEqual([]);
  },
);

it.each(ERAS)('a client that does not know views gets tools without them (%s)', async (era) => {
  const home = tempFolder();
  openTempWorkspace({ home, actor: 'cli' });
  const client = await openRaw(era, { home });
  const { tools } = (await client.wire.call('tools/list', client.params())) as unknown as { tools: Tool[] };
  // In the modern era a client says what it knows with each request, after the tools were made.
  const linked = tools.filter(({ _meta }) => _meta?.ui !== undefined).map(({ name }) => name);
  if (era === 'legacy') expect(linked).toEqual([]);
});
