import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished } from 'vitest';
import { it } from '../extend.ts';
import { listPrograms } from '../list-programs.ts';
import { lacks } from '../platform.ts';
import { HANG_MS, waitFor } from '../wait-for.ts';

const BENCH = fileURLToPath(new URL('../../bench/run.mjs', import.meta.url));
/** Preloaded, no program can serve a page: what is cancelled needs one, a schedule does not. */
const NO_SITES = `data:text/javascript,${encodeURIComponent(`
  import http from 'node:http';
  import { syncBuiltinESMExports } from 'node:module';
  http.createServer = () => { throw new Error('no site here'); };
  syncBuiltinESMExports();`)}`;

function said(...args: string[]) {
  // What is not refused would be measured, for a quarter of an hour.
  const options = { encoding: 'utf8', timeout: HANG_MS } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [BENCH, ...args], options);
  return { status, stdout, stderr };
}

describe('the command line of the benchmarks', () => {
  it.each([
    [['--only', 'none'], 'no suite is named "none"; there are: schedule, '],
    [['--only', ''], 'no suite is named ""; there are: '],
    [['--only'], "Option '--only <value>' argument missing"],
    [['--rounds', '0'], '--rounds 0 is no number of rounds'],
    [['--rounds', '1.5'], '--rounds 1.5 is no number of rounds'],
    [['--rounds=-1'], '--rounds -1 is no number of rounds'],
    [['--rounds', 'many'], '--rounds many is no number of rounds'],
    [['--round', '3'], "Unknown option '--round'"],
    [['schedule'], "Unexpected argument 'schedule'"],
    [['--json', '--markdown'], '--json and --markdown'],
  ])('%j is refused in words, before anything is measured', (args, words) => {
    const { status, stdout, stderr } = said(...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(words);
    expect(stderr).not.toContain('    at ');
  });

  it('says what a suite cannot measure, and prints what the others have measured', async ({ folder }) => {
    const args = [`--import=${NO_SITES}`, BENCH, '--smoke', '--json', '--only', 'cancel,schedule'];
    const env = { ...process.env, TMPDIR: folder };
    const found = await promisify(execFile)(process.execPath, args, { env, maxBuffer: 2 ** 24 }).catch(
      (error) => error,
    );
    expect(found.code).toBe(1);
    expect(found.stderr).toContain('cancel is not measured: Error: no site here');
    const suites = new Set(JSON.parse(found.stdout).rows.map(({ suite }: { suite: string }) => suite));
    expect([...suites]).toEqual(['schedule']);
    expect(readdirSync(folder)).toEqual([]);
  });
});

// The programs of a run are told from others by the environment, which Linux shows.
describe.skipIf(lacks('linux'))('a benchmark that is interrupted', () => {
  it.skipIf(lacks('linux')).for([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('leaves no program and no file behind: %s', async ([signal, code], { folder }) => {
    const env = { ...process.env, TMPDIR: folder };
    const bench = spawn(process.execPath, [BENCH, '--smoke', '--only', 'scheduler'], {
      env,
      stdio: 'ignore',
    });
    onTestFinished(() => void bench.kill('SIGKILL'));
    const closed = once(bench, 'close');
    const exists = (part: string) => listPrograms(folder).some((line) => line.includes(part));
    await waitFor('a peer and a scheduler', () => exists('many-jobs') && exists('scheduler run'));
    bench.kill(signal);
    expect(await closed).toEqual([code, null]);
    await waitFor('the end of all programs', () => listPrograms(folder).length === 0);
    expect(readdirSync(folder)).toEqual([]);
  });
});
