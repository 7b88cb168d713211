import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SUITE } from './conformance-tools.ts';
import { httpFront } from './http-front.ts';

/** What the suite says of one thing that it looked at. */
export interface Check {
  id: string;
  status: 'SUCCESS' | 'FAILURE' | 'WARNING' | 'SKIPPED' | 'INFO';
  errorMessage?: string;
}

/** The checks of each scenario that came to its end. */
export type Judgement = ReadonlyMap<string, readonly Check[]>;

/** The names of all scenarios for servers that the installed suite knows, sorted. */
export async function suiteScenarios(): Promise<string[]> {
  const said = await runSuite(['list', '--server']);
  return [...said.matchAll(/^\s*- (\S+)/gm)].map(([, name]) => name ?? '').sort();
}

/**
 * Lets the suite judge a server on stdio.
 * @param args of Node; each `HOME_FOLDER` among them becomes an empty folder
 * @param which all scenarios, or some by name, which are judged at the same time
 */
export async function runConformance(
  args: readonly string[],
  which: 'all' | readonly string[],
): Promise<Judgement> {
  const folder = mkdtempSync(join(tmpdir(), 'quickscrape-test-conformance-'));
  const home = join(folder, 'home');
  mkdirSync(home);
  const results = join(folder, 'results');
  const front = await httpFront(
    process.execPath,
    args.map((arg) => (arg === HOME_FOLDER ? home : arg)),
  );
  try {
    const choices = which === 'all' ? [['--suite', 'all']] : which.map((name) => ['--scenario', name]);
    await Promise.all(
      choices.map((choice) => runSuite(['server', '--url', front.url, ...choice, '-o', results])),
    );
    return new Map(readdirSync(results).map((name) => [scenarioOf(name), checksIn(join(results, name))]));
  } finally {
    await front.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

export const HOME_FOLDER = '{home}';

/** Its exit code says the same as the checks, in less detail. */
async function runSuite(args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [...SUITE, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => {
      said += data.toString();
    });
  await once(child, 'close');
  return said;
}

function checksIn(folder: string): Check[] {
  return JSON.parse(readFileSync(join(folder, 'checks.json'), 'utf8'));
}

/** `server-tools-list-2026-11-26T01-02-03-456Z` → `tools-list`. */
function scenarioOf(folder: string): string {
  return folder.replace(/^server-/, '').replace(/-\d{4}-\d\d-\d\dT[\d-]+Z$/, '');
}
