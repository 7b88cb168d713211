import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, onTestFinished } from 'vitest';
import { isAlive } from '../../../src/core/process/identity.ts';
import { it } from '../../extend.ts';
import { gatedConfig } from '../../gated-site.ts';
import { lacks } from '../../platform.ts';
import { noBrowserHere } from '../../scrape/browser/browser-site.ts';
import { Site } from '../../scrape/site.ts';
import { waitFor } from '../../wait-for.ts';
import { poolOf } from '../../worker-pool-home.ts';

const MAX_GROWTH_MB = 40;
/** The database of a run is closed when its garbage is collected, so the number varies by a few. A leak adds 79. */
const MAX_MORE_DESCRIPTORS = 12;

/** What an idle process holds: open descriptors, and memory in MB. */
function usageOf(pid: number): { descriptors: number; memory: number } {
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? [];
  return { descriptors: readdirSync(`/proc/${pid}/fd`).length, memory: Number(kilobytes) / 1024 };
}

describe.skipIf(lacks('linux'))('a worker', () => {
  it('executes a hundred runs without growing, and not one more', async ({ site }) => {
    const { run } = await poolOf({ shop: gatedConfig(site.url) });
    const pids: number[] = [];
    const usage: ReturnType<typeof usageOf>[] = [];
    while (pids.length < 99) {
      const { status, process: worker } = await run('shop');
      expect(status).toBe('succeeded');
      pids.push(worker?.pid ?? 0);
      if (pids.length === 20 || pids.length === 99) usage.push(usageOf(pids[0] ?? 0));
    }
    const [early, late] = usage;
    if (!early || !late) throw new Error('the worker was not measured');
    expect(late.descriptors - early.descriptors).toBeLessThanOrEqual(MAX_MORE_DESCRIPTORS);
    expect(late.memory - early.memory).toBeLessThan(MAX_GROWTH_MB);
    const hundredth = await run('shop');
    expect(new Set([...pids, hundredth.process?.pid]).size).toBe(1);
    const next = await run('shop');
    expect(next.status).toBe('succeeded');
    expect(next.process?.pid).not.toBe(hundredth.process?.pid);
    await waitFor('the first one to end', () => hundredth.process && !isAlive(hundredth.process));
  });

  it.skipIf(noBrowserHere !== undefined)('is not used again after a run that used a browser', async () => {
    const site = await Site.start();
    onTestFinished(() => site.stop());
    const config = `url: "${site.url('/page')}"\nselectors:\n  name: h1\n`;
    const { run } = await poolOf({ page: config, browser: `${config}backend: browser\n` });
    const before = await run('page');
    const browsed = await run('browser');
    expect(browsed).toMatchObject({ status: 'succeeded', items: 1, process: before.process });
    const next = await run('page');
    expect(next.status).toBe('succeeded');
    expect(next.process?.pid).not.toBe(browsed.process?.pid);
    await waitFor('the first one to end', () => browsed.process && !isAlive(browsed.process));
  });
});
