import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, relative } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { it } from '../extend.ts';
import { lacks } from '../platform.ts';
import { quickscrape } from '../program.ts';

const SECRET = 'hunter2-Zq/9=x&y';
const LINES = 'first-of-hunter2\nsecond-of-hunter2';
const FORMS = [SECRET, encodeURIComponent(SECRET), new URL(`http://x/?${SECRET}`).search.slice(1)];

/** Answers as its path says; every answer but a page sends the secret back. */
async function site(): Promise<string> {
  const server = createServer((request, response) => {
    const url = request.url ?? '';
    if (url.startsWith('/robots')) response.writeHead(404).end();
    else if (url.startsWith('/fails')) response.writeHead(404).end(SECRET);
    else if (url.startsWith('/moves'))
      response.writeHead(302, { location: `/fails?again=${encodeURIComponent(SECRET)}` }).end();
    else if (url.startsWith('/login'))
      response
        .writeHead(302, { location: `/fails?${new URLSearchParams({ next: `/works?k=${url}` })}` })
        .end();
    else if (url.startsWith('/circle'))
      response.writeHead(302, { location: `${url}&again=${encodeURIComponent(url)}` }).end();
    else if (url.startsWith('/nowhere'))
      response.writeHead(302, { location: `http://[${Buffer.from(LINES).toString('base64')}` }).end();
    else {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<ul><li class="row"><b>only row</b></li></ul>');
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A callback that tells what it was told. */
const PRINT = `process.stdin.pipe(process.stdout);
for (const [name, value] of Object.entries(process.env)) if (name.startsWith('QUICKSCRAPE_')) console.log(name, value);`;

/** The files of a folder that hold one of the texts. */
function holding(folder: string, texts: readonly string[]): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    if (!entry.isFile()) return [];
    const file = join(entry.parentPath, entry.name);
    const bytes = readFileSync(file);
    return texts.some((text) => bytes.includes(text)) ? [relative(folder, file)] : [];
  });
}

it.skipIf(lacks('modes'))(
  'a secret of the environment or of secrets.env stands nowhere else in the home, and in no message',
  async ({ home, workspace }) => {
    const origin = await site();
    const addresses = {
      works: `${origin}/works?key=\${SECRET}`,
      path: `${origin}/fails/\${SECRET}/page`,
      query: `${origin}/fails?key=\${SECRET}`,
      moves: `${origin}/moves?key=\${SECRET}`,
      login: `${origin}/login?key=\${SECRET}`,
      circle: `${origin}/circle?key=\${SECRET}`,
      lines: `${origin}/fails?key=\${LINES}&pad=${'x'.repeat(400)}`,
      nowhere: `${origin}/nowhere?key=\${LINES}`,
      vault: `${origin}/works?key=\${VAULT}`,
      host: 'http://${TENANT}.invalid/',
      scheme: '${SECRET}://x/',
      long: `${origin}/fails?pad=${'x'.repeat(230)}&key=\${SECRET}`,
    };
    const env = { SECRET, LINES, TENANT: 'tenant-hunter2' };
    writeFileSync(workspace.paths.secrets, 'VAULT="hunter2-of-the-vault"\n', { mode: 0o600 });
    const said: string[] = [];
    for (const [name, url] of Object.entries(addresses)) {
      const yaml = `url: "${url}"\nitem: li.row\nheaders:\n  X-Key: "\${SECRET}"\nselectors:\n  name: b\n`;
      await workspace.configs.write(name, yaml);
      const schedule = { type: 'daily', time: '09:00', timezone: 'UTC' };
      const print = [process.execPath, '-e', PRINT];
      const fields = { config_name: name, schedule, on_failure: print, on_success: print, max_retries: 0 };
      await workspace.jobs.create({ id: name, fields }, 'library');
    }
    await Promise.all(
      Object.keys(addresses).map(async (name) => {
        for (const args of [
          ['job', 'run', name],
          ['scrape', name, '--verbose'],
          ...(name === 'scheme' ? [['validate', name]] : []),
        ]) {
          const { stdout, stderr } = await quickscrape(args, { home, env });
          said.push(`${args.join(' ')}\n${stdout}${stderr}`);
        }
      }),
    );
    for (const args of [
      ['doctor'],
      ['export'],
      ['job', 'list', '--json'],
      ['job', 'show', 'query', '--json'],
    ]) {
      const { stdout, stderr } = await quickscrape(args, { home, env });
      said.push(`${args.join(' ')}\n${stdout}${stderr}`);
    }
    expect(workspace.runs.list({ jobId: 'works' }).runs[0]).toMatchObject({
      status: 'succeeded',
      error: null,
    });
    expect(workspace.runs.list({ jobId: 'vault' }).runs[0]).toMatchObject({
      status: 'succeeded',
      error: null,
    });
    expect(workspace.runs.list({ jobId: 'query' }).runs[0]?.error?.message).toContain('${SECRET}');
    expect(said.filter((text) => FORMS.some((form) => text.includes(form)))).toEqual([]);
    // What begins it tells too much as well, where a message was cut.
    expect(said.filter((text) => text.includes('hunter2'))).toEqual([]);
    expect(holding(home, [...FORMS, 'hunter2'])).toEqual(['secrets.env']);
    expect(readdirSync(home)).toContain('quickscrape.db');
  },
);
