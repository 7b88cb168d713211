import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { bundledPeer } from '../bundled-peer.mjs';
import { notInstalled } from '../peers.mjs';
import { shown, spreadOf } from '../rounds.mjs';
import { cpuMsOfEndedChildren, cpuMsOfTree } from '../scheduler/cpu-of-tree.mjs';
import { isThere, peerName, peerTitle } from '../scheduler/peer-names.mjs';
import { peerProgram } from '../scheduler/program.mjs';
import { startedRedis } from '../scheduler/redis.mjs';
import { ourRuns, runsInOwnProcesses, steadyRate } from '../scheduler/sustained-rivals.mjs';
import { atLeast, atMost, ratioTo } from '../verdict.mjs';
import { RemoteWorkers, remoteSettings } from './remote-workers.mjs';

/** As many as no limit for a host holds back. */
const HOSTS = 16;
/** Of this machine, and of its workers together. */
const SLOTS = 2;
const REAL = { runs: 200, paced: 100, own: 24, bullmq: 40 };
const QUICK = { runs: 60, paced: 40, own: 12, bullmq: 12 };
const SMOKE = { runs: 5, paced: 5, own: 3, bullmq: 4 };
/** What a site takes for a page: most take longer, and most runs have more pages. */
const PAGE_MS = 200;
const LOCAL = 'the same slots of this machine';
const OWN_PROCESSES = 'all of it on this machine, a process a run';
const BUDGETS = { rate: 0.85, cpu: 0.1 };
/** A run's process ends a moment after its outcome. */
const END_MS = 1_000;
/** For invitations, and workers that start. */
const START_MS = 6_000;

/**
 * Runs a minute of one page each, in turn: two slots of this machine, two workers of one slot each on the same machine, and
 * a child process a job with BullMQ; as fast as they go, and from a site that takes its time. In the same rounds the processor time that a run takes at home,
 * beside a process a run.
 */
export async function rates({ rounds = 2, isSmoke, isQuick }) {
  const sizes = isSmoke ? SMOKE : isQuick ? QUICK : REAL;
  const folder = mkdtempSync(join(tmpdir(), 'quickscrape-bench-'));
  const sites = [0, PAGE_MS].map((ms) =>
    fork(fileURLToPath(new URL('../peers/small-site.mjs', import.meta.url)), [String(HOSTS), String(ms)]),
  );
  const redis = await startedRedis();
  const found = { local: [], remote: [], bullmq: [], localCpu: [], homeCpu: [], ownCpu: [] };
  const paced = { local: [], remote: [] };
  try {
    const [[urls], [pacedUrls]] = await Promise.all(sites.map((site) => once(site, 'message')));
    const scraper = await bundledPeer('scrape-page-alone', folder);
    for (let left = rounds; left > 0; left -= 1) {
      found.local.push(
        rate(await ourRuns(urls, SLOTS, sizes.runs, { watch: cpuOf(found.localCpu, sizes.runs) })),
      );
      const remote = {
        leastMs: START_MS + 10 * sizes.runs,
        settings: remoteSettings(redis),
        beside: (home) => RemoteWorkers.started(home, SLOTS, 1),
      };
      const watch = cpuOf(found.homeCpu, sizes.runs);
      found.remote.push(rate(await ourRuns(urls, SLOTS, sizes.runs, { ...remote, watch })));
      paced.local.push(rate(await ourRuns(pacedUrls, SLOTS, sizes.paced)));
      paced.remote.push(rate(await ourRuns(pacedUrls, SLOTS, sizes.paced, remote)));
      found.ownCpu.push(await cpuOfOwnProcesses(urls, sizes.own));
      if (isThere('bullmq'))
        found.bullmq.push(rate(await bullProcesses(scraper, folder, urls, redis, sizes.bullmq)));
    }
  } finally {
    await redis.end();
    for (const site of sites) site.disconnect();
    rmSync(folder, { recursive: true, force: true });
  }
  return [rateRow(found), pacedRow(paced), cpuRow(found)];
}

function pacedRow({ local, remote }) {
  const [us, here] = [spreadOf(remote), spreadOf(local)];
  return {
    name: `workers, the same from a site that takes ${PAGE_MS} ms for a page`,
    ours: shown(us).value,
    spread: shown(us).spread,
    unit: 'a minute',
    peers: [{ name: LOCAL, ...shown(here) }],
    ...ratioTo(LOCAL, us.median, here.median),
    ...atLeast(us.median / here.median, BUDGETS.rate, { why: 'Each run waits for messages through Redis.' }),
  };
}

function rateRow({ local, remote, bullmq }) {
  const [us, here] = [spreadOf(remote), spreadOf(local)];
  const bare = `${peerTitle('bullmq')}, a child process a job`;
  return {
    name: 'workers, runs of one page, two workers of one slot',
    ours: shown(us).value,
    spread: shown(us).spread,
    unit: 'a minute',
    peers: [
      { name: LOCAL, ...shown(here) },
      ...(bullmq.length > 0 ? [{ name: bare, ...shown(spreadOf(bullmq)) }] : []),
    ],
    ...ratioTo(LOCAL, us.median, here.median),
    ...atLeast(us.median / here.median, BUDGETS.rate, {
      why: 'Each run costs messages through Redis, its rows are written twice, and a process at home finishes it.',
    }),
    ...(bullmq.length === 0 && { without: [notInstalled(peerName('bullmq'))] }),
  };
}

function cpuRow({ homeCpu, ownCpu, localCpu }) {
  const [us, own] = [spreadOf(homeCpu), spreadOf(ownCpu)];
  return {
    name: 'workers, processor time of the home a run',
    ours: shown(us, 1).value,
    spread: shown(us, 1).spread,
    unit: 'ms',
    peers: [
      { name: OWN_PROCESSES, ...shown(own) },
      { name: 'all of it on this machine, in workers that stay', ...shown(spreadOf(localCpu), 1) },
    ],
    ...ratioTo(OWN_PROCESSES, us.median, own.median),
    ...atMost(us.median / own.median, BUDGETS.cpu, {
      why: 'The scheduler claims and receives, and a process of the home checks, compares, exports and records.',
    }),
  };
}

/** Notes what a scheduler and all that it starts have taken a run, in ms. */
function cpuOf(all, runs) {
  return (scheduler) => {
    const before = cpuMsOfTree(scheduler.pid);
    return () => all.push((cpuMsOfTree(scheduler.pid) - before) / runs);
  };
}

async function cpuOfOwnProcesses(urls, runs) {
  await delay(END_MS);
  const before = cpuMsOfEndedChildren();
  await runsInOwnProcesses(urls, SLOTS, runs);
  await delay(END_MS);
  return (cpuMsOfEndedChildren() - before) / runs;
}

async function bullProcesses(module, folder, urls, redis, runs) {
  const program = peerProgram('bullmq-processes', module, redis.socket, folder, runs, SLOTS, ...urls);
  return JSON.parse(await program.said(']'));
}

const rate = (ends) => steadyRate(ends, SLOTS);
