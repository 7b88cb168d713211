import { spawn } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { quickscrape, succeed } from '../program.ts';
import { tempFolder } from '../temp-folder.ts';

const DIST = new URL('../../dist/', import.meta.url);

/** Says on stderr which modules are loaded. */
const TRACE = `data:text/javascript,${encodeURIComponent(`
  import { register } from 'node:module';
  register('data:text/javascript,' + encodeURIComponent(\`
    import { writeSync } from 'node:fs';
    export async function load(url, context, next) {
      writeSync(2, 'loaded ' + url + '\\\\n');
      return next(url, context);
    }
  \`));
`)}`;

/** The files of dist/ that hold React or Ink. */
function drawingChunks(): string[] {
  return chunksWith(/createReconciler|react\.transitional\.element|yoga/i);
}

function chunksWith(text: RegExp): string[] {
  return readdirSync(DIST)
    .filter((name) => name.endsWith('.js'))
    .filter((name) => text.test(readFileSync(new URL(name, DIST), 'utf8')));
}

it.each([[['--version']], [['job', 'list']], [['tui', '--help']]])(
  'quickscrape %j loads nothing that draws',
  async (args) => {
    const chunks = drawingChunks();
    expect(chunks.length).toBeGreaterThan(0);
    const { code, stderr } = await quickscrape(args, {
      home: tempFolder(),
      env: { NODE_OPTIONS: `--import ${TRACE}` },
    });
    expect(code).toBe(0);
    expect(stderr).toContain('dist/cli.js');
    for (const chunk of chunks) expect(stderr).not.toContain(chunk);
  },
);

it('quickscrape --version loads no schemas, because it opens no home', async () => {
  const chunks = chunksWith(/ZodObject/);
  expect(chunks.length).toBeGreaterThan(0);
  const { stderr } = await quickscrape(['--version'], {
    home: tempFolder(),
    env: { NODE_OPTIONS: `--import ${TRACE}` },
  });
  expect(stderr).toContain('dist/cli.js');
  for (const chunk of chunks) expect(stderr).not.toContain(chunk);
});

it('job list with a table of ASCII creates no segmenter, and no pattern of all emoji', async () => {
  const home = join(tempFolder(), 'home');
  const create = ['job', 'create', '--config', 'example', '--cron', '@daily', '--id', 'mine'];
  expect((await quickscrape(['init'], { home })).code).toBe(0);
  expect((await quickscrape(create, { home })).code).toBe(0);
  const counted = `data:text/javascript,${encodeURIComponent(`
    import { writeSync } from 'node:fs';
    Intl.Segmenter = class extends Intl.Segmenter {
      constructor(...args) {
        super(...args);
        writeSync(2, 'a segmenter');
      }
    };
    const report = ([source]) => String(source).includes('RGI_Emoji') && writeSync(2, 'a pattern');
    globalThis.RegExp = new Proxy(RegExp, {
      construct(target, args, self) {
        report(args);
        return Reflect.construct(target, args, self);
      },
      apply(target, self, args) {
        report(args);
        return Reflect.apply(target, self, args);
      },
    });
  `)}`;
  const run = (args: string[]) => quickscrape(args, { home, env: { NODE_OPTIONS: `--import ${counted}` } });
  const { stdout, stderr } = await run(['job', 'list']);
  expect(stdout).toContain('mine');
  expect(stderr).not.toMatch(/a segmenter|a pattern/);
  // A literal would be compiled with its module.
  expect(chunksWith(/\/\^\\p\{RGI_Emoji\}/).filter((name) => name.startsWith('chunk-start-'))).toEqual([]);
  await succeed(['job', 'update', 'mine', '--tag', '価格'], { home });
  expect((await run(['job', 'list'])).stderr).toMatch(/a segmenter.*a pattern/s);
});

it('React is bundled for production', () => {
  const texts = drawingChunks().map((name) => readFileSync(new URL(name, DIST), 'utf8'));
  expect(texts.some((text) => text.includes('react.transitional.element'))).toBe(true);
  for (const text of texts) expect(text).not.toMatch(/react-reconciler\.development|react\.development\.js/);
});

it('job list loads a few files of dist/, none of them of a server, a scraper or the dashboard', async () => {
  const { stderr } = await quickscrape(['job', 'list'], {
    home: tempFolder(),
    env: { NODE_OPTIONS: `--import ${TRACE}` },
  });
  const files = stderr.match(/(?<=dist\/).*\.js$/gm) ?? [];
  expect(files.length).toBeGreaterThan(3);
  expect(files.length).toBeLessThan(40);
  for (const file of files)
    expect(readFileSync(new URL(file, DIST), 'utf8'), file).not.toMatch(
      /node_modules\/(?:@modelcontextprotocol|undici|cheerio|ink|react)\//,
    );
});

it('the MCP server answers its first request before it loads a database or a parser of YAML', async () => {
  const clientInfo = { name: 'test', version: '1' };
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo };
  const home = tempFolder();
  const file = join(home, 'written');
  // Both in one file: they stand there in the order in which they were written.
  const descriptor = openSync(file, 'a');
  const child = spawn(
    process.execPath,
    ['--import', TRACE, fileURLToPath(new URL('cli.js', DIST)), 'mcp', '--home', home],
    { stdio: ['pipe', descriptor, descriptor] },
  );
  try {
    child.stdin?.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params })}\n`);
    let written = '';
    while (!written.includes('"result"')) {
      await delay(20);
      expect(child.exitCode, written).toBe(null);
      written = readFileSync(file, 'utf8');
    }
    const before = written.slice(0, written.indexOf('"result"'));
    expect(before).toContain('dist/chunk-server');
    expect(before).not.toContain('node_modules/libsql');
    const parsers = chunksWith(/node_modules\/yaml\//);
    expect(parsers.length).toBeGreaterThan(0);
    for (const chunk of parsers) expect(before).not.toContain(chunk);
  } finally {
    child.kill('SIGKILL');
    closeSync(descriptor);
  }
});
