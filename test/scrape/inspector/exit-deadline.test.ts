import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { programFile } from '../../../src/core/lib/program.ts';
import { findProcessIdentity, isAlive } from '../../../src/core/process/identity.ts';
import { lacks } from '../../platform.ts';
import { sendSignal } from '../../send-signal.ts';
import { tempFolder } from '../../temp-folder.ts';
import { waitFor } from '../../wait-for.ts';

/** A question over which the program is busy for hours. */
function hangingQuestion(folder: string, timeLimitMs: number): string {
  const file = join(folder, '1.html');
  writeFileSync(file, '<i></i>'.repeat(20_000));
  return JSON.stringify({
    ask: 'test',
    yaml: `url: "http://127.0.0.1:9/"\nselectors:\n  title: "b${' ~ i'.repeat(6)}"\n`,
    name: 'hang.yaml',
    home: folder,
    max_pages: 1,
    sample_items: 1,
    pages: [{ file, url: 'http://a.example/', content_type: 'text/html' }],
    time_limit_ms: timeLimitMs,
  });
}

function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const [user = 0, system = 0] = stat.slice(stat.lastIndexOf(')')).split(' ').slice(12, 14).map(Number);
  return (user + system) / 100;
}

it('a program that is busy ends itself soon after its time', async () => {
  const child = spawn(process.execPath, [programFile('config')], { stdio: ['pipe', 'ignore', 'ignore'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  child.stdin.end(hangingQuestion(tempFolder(), 500));
  expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
});

it.skipIf(lacks('linux'))('a busy program ends when its parent has died', async () => {
  const folder = tempFolder();
  writeFileSync(join(folder, 'question.json'), hangingQuestion(folder, 600_000));
  const asker = `
    const { spawn } = require('node:child_process');
    const { openSync } = require('node:fs');
    const child = spawn(process.execPath, [process.argv[1]], {
      stdio: [openSync(process.argv[2], 'r'), 'ignore', 'ignore'], detached: true });
    console.log(child.pid);
    setInterval(() => {}, 1000);`;
  const parent = spawn(process.execPath, ['-e', asker, programFile('config'), join(folder, 'question.json')]);
  onTestFinished(() => void parent.kill('SIGKILL'));
  const [pid] = (await once(parent.stdout, 'data')) as [Buffer];
  const child = findProcessIdentity(Number(pid.toString()));
  if (!child) throw new Error('the program did not start');
  onTestFinished(() => {
    if (isAlive(child)) sendSignal(child, 'SIGKILL');
  });
  // It must have begun to watch over its parent.
  await waitFor('the program to be busy', () => cpuSeconds(child.pid) > 0.7);
  parent.kill('SIGKILL');
  await waitFor('the program to end', () => !isAlive(child));
});
