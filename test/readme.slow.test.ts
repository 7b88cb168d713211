import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { startBookshop } from '../src/sandbox/bookshop.ts';
import { quickscrape } from './program.ts';
import { bashOf, blocks, commands, environmentOf, root, run } from './readme-commands.ts';
import { tempFolder } from './temp-folder.ts';

const SHOP = 'http://127.0.0.1:4747/';

/** What a command of the README says. */
const SEEN: readonly (readonly [beginning: string, text: RegExp])[] = [
  ['wizard', /Saved .*books\.yaml/],
  ['scrape books --sample', /^3 items from 1 page/m],
  ['job run', /succeeded/],
  ['scheduler status', /^running/m],
  ['job show', /every weekday at 09:00/],
];

function inBash(line: string, person: Record<string, string>): Promise<{ code: number; out: string }> {
  return run('bash', bashOf(line), environmentOf(person));
}

/** Leaves the shop open until the test ends, as in a terminal of its own, and returns its address. */
async function openShop(person: Record<string, string>): Promise<string> {
  const terminal = spawn('bash', bashOf('quickscrape demo --serve'), {
    ...{ cwd: root, env: environmentOf(person), stdio: ['ignore', 'pipe', 'ignore'], detached: true },
  });
  onTestFinished(async () => {
    process.kill(-(terminal.pid ?? 0), 'SIGINT');
    await once(terminal, 'close');
  });
  for await (const said of terminal.stdout) {
    const address = /is open at (\S+)/.exec(String(said))?.[1];
    if (address !== undefined) return address;
  }
  throw new Error('the shop did not open');
}

describe('the README', () => {
  it('shows a demo that works, without a terminal and with --once', async () => {
    for (const flags of [[], ['--', '--once']]) {
      const { code, out } = await run('npm', ['run', '--silent', 'demo', ...flags], {
        ...process.env,
        TMPDIR: tempFolder(),
      });
      expect(out).toMatch(/1,000 items/);
      expect(code).toBe(0);
      const csv = /^\S+books\.csv$/m.exec(out)?.[0] ?? '';
      expect(readFileSync(csv, 'utf8').trim().split('\n')).toHaveLength(1_001);
    }
  });

  it('leads an ordinary user through the first ten minutes with commands that all work', async () => {
    const person = { HOME: tempFolder() };
    onTestFinished(async () => {
      await inBash('quickscrape scheduler stop --force', person);
    });
    let shop = '';
    for (const line of commands.filter((command) => command.startsWith('quickscrape '))) {
      if (line === 'quickscrape demo --serve') {
        shop = await openShop(person);
        continue;
      }
      // Another program may have the usual port on this machine, which the README cannot know.
      const { code, out } = await inBash(line.replace(SHOP, shop), person);
      expect({ line, code, out }).toMatchObject({ line, code: 0 });
      for (const [beginning, text] of SEEN)
        if (line.startsWith(`quickscrape ${beginning}`)) expect(out).toMatch(text);
    }
  });

  it('shows the configuration that the wizard writes, apart from elisions', async () => {
    const home = tempFolder();
    const shop = await startBookshop();
    onTestFinished(() => shop.close());
    const said = await quickscrape(['wizard', shop.url, '--name', 'books', '--yes', '--home', home], {
      home,
    });
    expect(said.code).toBe(0);
    const [shown = ''] = blocks('yaml');
    const written = parse(readFileSync(join(home, 'configs', 'books.yaml'), 'utf8'));
    expect(written).toMatchObject(parse(shown.replace(SHOP, shop.url)));
  });

  it('shows library code that works', async () => {
    const [code] = blocks('ts');
    const library = pathToFileURL(join(root, 'dist', 'index.js')).href;
    const script = join(tempFolder(), 'readme.mjs');
    writeFileSync(
      script,
      `${code?.replace("'quickscrape-jobs'", JSON.stringify(library))}
       console.log('running:', scheduler.isRunning());
       await scheduler.stop();
       await manager.close();`,
    );
    const { code: exit, out } = await run(process.execPath, [script], {
      ...process.env,
      QUICKSCRAPE_HOME: tempFolder(),
    });
    expect(out).toMatch(/^books-\w{4} runs next at \d{4}-\d\d-\d\dT.*\nrunning: true\n$/);
    expect(exit).toBe(0);
  });
});
