import { existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { cancelRun } from '../../../src/core/execution/cancel-run.ts';
import { findProcessIdentity, isAlive } from '../../../src/core/process/identity.ts';
import { succeed } from '../../program.ts';
import { scheduledHome } from '../../scheduled-home.ts';
import { sendSignal } from '../../send-signal.ts';
import { waitFor } from '../../wait-for.ts';
import { browserProcesses, noBrowserHere } from './browser-site.ts';

/** A page whose script asks for what never comes. */
async function waitingPage() {
  let asked = false;
  const server = createServer((request, response) => {
    if (request.url === '/data') asked = true;
    else if (request.url === '/page')
      response.writeHead(200, { 'content-type': 'text/html' }).end('<script>fetch("/data")</script>');
    else response.writeHead(404).end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/page`, isAsked: () => asked };
}

/** A run that waits in its browser, and the browser's processes and profile. */
async function runInBrowser() {
  const page = await waitingPage();
  const yaml = `url: "${page.url}"\nselectors: {row: .row}\nbackend: browser\nwait_for: .row\n`;
  const home = await scheduledHome(yaml, { schedule: { type: 'daily', time: '09:00' }, max_retries: 0 });
  await succeed(['job', 'run', home.jobId, '--background'], { home: home.workspace.paths.home });
  await waitFor('the script to ask for its data', page.isAsked);
  const run = await home.runThat(['running']);
  const prefix = `quickscrape-browser-${run.process?.pid}-`;
  const profile = join(tmpdir(), readdirSync(tmpdir()).find((name) => name.startsWith(prefix)) ?? 'none');
  expect(existsSync(profile)).toBe(true);
  const processes = browserProcesses(profile).flatMap((pid) => findProcessIdentity(pid) ?? []);
  expect(processes.length).toBeGreaterThan(3);
  const isGone = () => !processes.some(isAlive) && !existsSync(profile);
  return { home, run, isGone };
}

describe.skipIf(noBrowserHere !== undefined)('the browser of a run', () => {
  it('is gone when the run’s process is killed, with all of its processes and its profile', async () => {
    const { run, isGone } = await runInBrowser();
    sendSignal(run.process, 'SIGKILL');
    await waitFor('the browser to be gone', isGone);
  });

  it('is gone when the run is cancelled', async () => {
    const { home, run, isGone } = await runInBrowser();
    expect(await cancelRun(home.workspace, run.runId, 'library')).toMatchObject({ status: 'cancelled' });
    await waitFor('the browser to be gone', isGone);
  });
});
