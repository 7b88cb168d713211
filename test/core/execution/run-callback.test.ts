import { randomUUID } from 'node:crypto';
import { chmodSync, closeSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runCallback, toEnvironment } from '../../../src/core/execution/run-callback.ts';
import { findProcessIdentity } from '../../../src/core/process/identity.ts';
import { lacks } from '../../platform.ts';
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
  it.skipIf(lacks('shell'))(
    'gets the run in its environment and as JSON on standard input, and its output goes to the log',
    async () => {
      const { folder, log, logged } = setting();
      const file = script(
        folder,
        '#!/bin/sh\necho "$QUICKSCRAPE_RUN_ID $QUICKSCRAPE_STATUS $QUICKSCRAPE_ERROR_KIND"\ncat\n',
      );
      const said = await runCallback({ command: [file], run, mark, cwd: folder, log });
      expect(said).toMatchObject({ isDone: true, text: `${file}: done` });
      const [first, second] = logged().split('\n');
      expect(first).toBe('abc failed http');
      expect(JSON.parse(second ?? '')).toEqual(run);
    },
  );

  const echo = 'process.stdout.write(JSON.stringify(process.argv.slice(1)))';

  it.each([
    ['shell syntax', ['; rm -rf x', '$(touch pwned)', '`id`', '&& x', '| y', '> z', '*', '~', '$HOME']],
    ['syntax of Windows', ['%PATH%', '^&', '"a" & b', '!x!']],
    ['quotes', ['"quotes\'', "'", '"', '\\', '\\"']],
    ['white space', ['line\nbreak', '\ttab', ' ', '', 'a  b', '\r\n']],
    ['Unicode', ['żółw', '🐢', '\u202e', '\u2028', 'e\u0301']],
    ['leading dashes', ['--', '-rf', '--version', '-']],
  ])('gets its words byte for byte, no shell reads them: %s', async (_what, words) => {
    const { folder, log, logged } = setting();
    const command = [process.execPath, '-e', echo, '--', ...words];
    await runCallback({ command, run, mark, cwd: folder, log });
    expect(JSON.parse(logged())).toEqual(words);
    expect(readdirSync(folder)).toEqual(['run.log']);
  });

  it('is split into words when it is a string: at spaces that no backslash stands before; quotes are letters', async () => {
    const { folder, log, logged } = setting();
    const file = script(folder, `#!${process.execPath}\n${echo.replace('slice(1)', 'slice(2)')}\n`);
    const said = (text: string) => runCallback({ command: `${file} ${text}`, run, mark, cwd: folder, log });
    await said('one two\\ three  $HOME "four five" ; $(x) %PATH% żółw --');
    const words = ['one', 'two three', '$HOME', '"four', 'five"', ';', '$(x)', '%PATH%', 'żółw', '--'];
    expect(JSON.parse(logged())).toEqual(words);
  });

  it('a command with a zero byte fails with an error in the log', async () => {
    const { folder, log } = setting();
    expect(await runCallback({ command: ['echo', 'a\0b'], run, mark, cwd: folder, log })).toMatchObject({
      isDone: false,
      text: expect.stringMatching(/not run.*zero byte/),
    });
    const said = await runCallback({ command: 'ec\0ho', run, mark, cwd: folder, log });
    expect(said.text).toMatch(/not run/);
  });

  it('gets hostile text of a site as it is, in its environment and on standard input', async () => {
    const { folder, log, logged } = setting();
    const message = '"; rm -rf ~ #\n$(id) %PATH% \u0007 \ud800 żółw';
    const hostile = { ...run, error: { kind: 'http', message } };
    const program = `process.stdin.setEncoding('utf8').on('data', (text) => (all += text)).on('end', () =>
      console.log(JSON.stringify([process.env.QUICKSCRAPE_ERROR_MESSAGE, JSON.parse(all).error.message])));
      let all = '';`;
    await runCallback({ command: [process.execPath, '-e', program], run: hostile, mark, cwd: folder, log });
    const [inEnvironment, onInput] = JSON.parse(logged());
    expect(onInput).toBe(message);
    // Half of a character is none that an environment can hold.
    expect(inEnvironment).toBe(message.replace('\ud800', '\ufffd'));
  });

  it.skipIf(lacks('shell'))('gets the umask that it is to have, and ours stays', async () => {
    const { folder, log, logged } = setting();
    const before = process.umask(0o077);
    try {
      await runCallback({ command: ['sh', '-c', 'umask'], run, mark, cwd: folder, log, umask: 0o027 });
      await runCallback({ command: [join(folder, 'nowhere.sh')], run, mark, cwd: folder, log, umask: 0o027 });
      expect(process.umask(0o077)).toBe(0o077);
      await runCallback({ command: ['sh', '-c', 'umask'], run, mark, cwd: folder, log });
    } finally {
      process.umask(before);
    }
    expect(logged().split('\n')).toEqual(['0027', '0077', '']);
  });

  it.skipIf(lacks('shell'))(
    'a command that is missing, not executable, not a program or failing is reported and throws nothing',
    async () => {
      const { folder, log } = setting();
      const call = async (command: string[]) => {
        const { isDone, text } = await runCallback({ command, run, mark, cwd: folder, log });
        expect(isDone).toBe(false);
        return text;
      };
      expect(await call([join(folder, 'nowhere.sh')])).toMatch(/no such file or command/);
      expect(await call([script(folder, '#!/bin/sh\n', 0o644)])).toMatch(
        /no permission to execute it.*chmod \+x/,
      );
      expect(await call([script(folder, 'plain words\n')])).toMatch(/hook\.sh: /);
      expect(await call([script(folder, '#!/bin/sh\nexit 7\n')])).toMatch(/exit code 7$/);
      expect(await call([])).toMatch(/empty/);
    },
  );

  it.skipIf(lacks('shell'))('that takes too long is ended with everything it started', async () => {
    const { folder, log, logged } = setting();
    const file = script(folder, '#!/bin/sh\nsleep 300 & echo $!\nwait\n');
    const said = await runCallback({ command: [file], run, mark, cwd: folder, log, limitMs: 500 });
    expect(said).toMatchObject({ isDone: false, text: `${file}: stopped after 0.5 s (time limit)` });
    expect(findProcessIdentity(Number(logged()))).toBeUndefined();
  });

  it.skipIf(lacks('shell'))(
    'that takes too long is ended also when a grandchild hides and does not listen',
    async () => {
      const { folder, log, logged } = setting();
      const file = script(folder, `#!/bin/sh\nsetsid sh -c 'trap "" TERM; echo $$; sleep 300' & wait\n`);
      const call = { command: [file], run, mark: `test/${randomUUID()}`, cwd: folder, log };
      const said = await runCallback({ ...call, limitMs: 700, graceMs: 200 });
      expect(said.text).toMatch(/stopped after 0.7 s/);
      await expect.poll(() => findProcessIdentity(Number(logged()))).toBeUndefined();
    },
  );

  it.skipIf(lacks('shell'))(
    'a command that ends spares the daemon that it started and is not held up by it',
    async () => {
      const { folder, log, logged } = setting();
      const file = script(folder, '#!/bin/sh\nsetsid sleep 300 & echo $!\n');
      const call = { command: [file], run, mark: `test/${randomUUID()}`, cwd: folder, log };
      expect(await runCallback(call)).toMatchObject({ isDone: true, text: `${file}: done` });
      const daemon = Number(logged());
      expect(findProcessIdentity(daemon)).toBeDefined();
      process.kill(daemon, 'SIGKILL');
    },
  );

  it.skipIf(lacks('shell'))('that never reads a large input does not fail because of it', async () => {
    const { folder, log } = setting();
    const large = { ...run, checks: Array.from({ length: 20_000 }, (_, index) => `check ${index}`) };
    const said = await runCallback({
      command: ['true'],
      run: { ...large, big: { text: 'x'.repeat(1_000_000) } },
      mark,
      cwd: folder,
      log,
    });
    expect(said.text).toBe('true: done');
  });
});

describe('the environment of a callback', () => {
  it('names nested fields and leaves out what is null', () => {
    expect(toEnvironment(run)).toEqual({
      QUICKSCRAPE_RUN_ID: 'abc',
      QUICKSCRAPE_STATUS: 'failed',
      QUICKSCRAPE_ITEMS: '3',
      QUICKSCRAPE_ERROR_KIND: 'http',
      QUICKSCRAPE_ERROR_MESSAGE: run.error.message,
    });
  });
});
