import { randomUUID } from 'node:crypto';
import { chmodSync, closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { identityOf } from '../../../src/core/process/identity.ts';
import { environmentOf, runCallback } from '../../../src/core/run/callback.ts';
import { tempFolder } from '../../temp-folder.ts';

const mark = `test/${randomUUID()}`;
const run = {
  run_id: 'abc',
  status: 'failed',
  items: 3,
  output_path: null,
  error: { kind: 'http', message: '$(touch pwned); `x` "quoted"\nline' },
};

function setting() {
  const folder = tempFolder();
  const logFile = join(folder, 'run.log');
  const log = openSync(logFile, 'a');
  onTestFinished(() => closeSync(log));
  return { folder, log, logged: () => readFileSync(logFile, 'utf8') };
}

function script(folder: string, text: string, mode = 0o755): string {
  const file = join(folder, 'hook.sh');
  writeFileSync(file, text);
  chmodSync(file, mode);
  return file;
}

describe('a callback', () => {
  it('gets the run in its environment and as JSON on standard input, and its output goes to the log', async () => {
    const { folder, log, logged } = setting();
    const file = script(
      folder,
      '#!/bin/sh\necho "$QUICKSCRAPE_RUN_ID $QUICKSCRAPE_STATUS $QUICKSCRAPE_ERROR_KIND"\ncat\n',
    );
    const said = await runCallback({ command: [file], run, mark, cwd: folder, log });
    expect(said).toBe(`callback ${file}: done`);
    const [first, second] = logged().split('\n');
    expect(first).toBe('abc failed http');
    expect(JSON.parse(second ?? '')).toEqual(run);
  });

  it('gets its words byte for byte: no shell reads them', async () => {
    const { folder, log, logged } = setting();
    const words = ['; rm -rf x', '$(echo hi)', '%PATH%', '"quotes\'', 'line\nbreak', ''];
    const program = 'process.stdout.write(JSON.stringify(process.argv.slice(1)))';
    await runCallback({
      command: [process.execPath, '-e', program, '--', ...words],
      run,
      mark,
      cwd: folder,
      log,
    });
    expect(JSON.parse(logged())).toEqual(words);
  });

  it('is split into words when it is a string', async () => {
    const { folder, log, logged } = setting();
    await runCallback({ command: 'echo one two\\ three $HOME', run, mark, cwd: folder, log });
    expect(logged()).toBe('one two three $HOME\n');
  });

  it('that is missing, not executable, no program or failing is said clearly and throws nothing', async () => {
    const { folder, log } = setting();
    const call = (command: string[]) => runCallback({ command, run, mark, cwd: folder, log });
    expect(await call([join(folder, 'nowhere.sh')])).toMatch(/no such file or command/);
    expect(await call([script(folder, '#!/bin/sh\n', 0o644)])).toMatch(
      /no permission to execute it.*chmod \+x/,
    );
    expect(await call([script(folder, 'plain words\n')])).toMatch(/callback .*hook\.sh: /);
    expect(await call([script(folder, '#!/bin/sh\nexit 7\n')])).toMatch(/exit code 7$/);
    expect(await call([])).toMatch(/empty/);
  });

  it('that takes too long is ended with everything it started', async () => {
    const { folder, log, logged } = setting();
    const file = script(folder, '#!/bin/sh\nsleep 300 & echo $!\nwait\n');
    expect(await runCallback({ command: [file], run, mark, cwd: folder, log, limitMs: 500 })).toMatch(
      /ended after 0.5 s/,
    );
    expect(identityOf(Number(logged()))).toBeUndefined();
  });

  it('that never reads a large input does not fail because of it', async () => {
    const { folder, log } = setting();
    const large = { ...run, checks: Array.from({ length: 20_000 }, (_, index) => `check ${index}`) };
    const said = await runCallback({
      command: ['true'],
      run: { ...large, checks: null, big: { text: 'x'.repeat(100_000) } },
      mark,
      cwd: folder,
      log,
    });
    expect(said).toBe('callback true: done');
  });
});

describe('the environment of a callback', () => {
  it('names nested fields and leaves out what is null', () => {
    expect(environmentOf(run)).toEqual({
      QUICKSCRAPE_RUN_ID: 'abc',
      QUICKSCRAPE_STATUS: 'failed',
      QUICKSCRAPE_ITEMS: '3',
      QUICKSCRAPE_ERROR_KIND: 'http',
      QUICKSCRAPE_ERROR_MESSAGE: run.error.message,
    });
  });
});
