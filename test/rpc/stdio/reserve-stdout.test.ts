import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bundleFixture } from '../../fixtures/bundle-fixture.ts';

const SIZE = 300_000;

describe('a process that owns its stdout', () => {
  it('lets only the protocol reach it, whole, and sends the rest to stderr', async () => {
    const child = await start();
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (data: Buffer) => {
      stdout += data.toString();
    });
    child.stderr.on('data', (data: Buffer) => {
      stderr += data.toString();
    });
    const [code] = await once(child, 'close');
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.map((line) => Object.keys(JSON.parse(line))[0])).toEqual([
      'large',
      'first of several',
      'second',
      'third',
      'last',
    ]);
    expect(stdout.length).toBeGreaterThan(SIZE);
    for (const way of ['console.log', 'console.info', 'console.table', 'stdout.write', 'bytes', 'between'])
      expect(stderr).toContain(way);
    expect(stderr).toContain('held true');
    expect(stderr).toContain('flushed 0');
  });

  it('reports that the reader has gone during a write', async () => {
    const child = await start();
    let stderr = '';
    child.stderr.on('data', (data: Buffer) => {
      stderr += data.toString();
    });
    child.stdout.destroy();
    const [code] = await once(child, 'close');
    expect(stderr).toContain('gone');
    expect(code).toBe(3);
  });
});

async function start() {
  const { file, remove } = await bundleFixture('reserved-stdout');
  onTestFinished(remove);
  const child = spawn(process.execPath, [file, String(SIZE)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return child;
}
