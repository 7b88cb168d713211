import { spawn, spawnSync } from 'node:child_process';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { bundleFixture } from '../../fixtures/bundle-fixture.ts';
import { waitFor } from '../../wait-for.ts';
import { DAILY, TempStore } from '../fs/temp-store.ts';

/** Runs the rest of the command where the system grants no file watch. */
const NO_WATCHES = ['-Ur', 'sh', '-c', 'echo 0 > /proc/sys/user/max_inotify_watches && exec "$@"', 'sh'];
const possible = spawnSync('unshare', [...NO_WATCHES, 'true']).status === 0;

let fixture: Awaited<ReturnType<typeof bundleFixture>>;
beforeAll(async () => {
  fixture = await bundleFixture('job-watch');
});
afterAll(() => fixture.remove());

it.skipIf(!possible)(
  'scans every two seconds with a notice when the system has no file watches left',
  async () => {
    using temp = new TempStore();
    const job = { config_name: 'books', schedule: DAILY };
    for (let index = 0; index < 10; index += 1) temp.put(`job-${index}`, job);
    const child = spawn('unshare', [...NO_WATCHES, process.execPath, fixture.file, temp.paths.home], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => {
      child.kill('SIGKILL');
    });
    let said = '';
    child.stdout.on('data', (data: Buffer) => {
      said += data.toString();
    });
    await waitFor('the watcher to be ready', () => said.includes('ready\n'));
    await waitFor('a message', () => said.includes('message '));
    expect(said).toMatch(/message the system has no file watches left \(ENOSPC\): .* every 2 s instead/);
    for (let index = 0; index < 10; index += 1) temp.put(`job-${index}`, { ...job, priority: 1 });
    const all = Array.from({ length: 10 }, (_, index) => `job-${index}`);
    await waitFor('all ten changes', () => all.every((id) => new RegExp(`changed .*\\b${id}\\b`).test(said)));
    expect(said.match(/message/g)).toHaveLength(1);
  },
);
