import { mkdirSync, readFileSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { JobManager } from '../../dist/index.js';
import { growth } from '../growth.mjs';
import { inTurn, shown, spreadOf } from '../rounds.mjs';
import { ratioTo } from '../verdict.mjs';
import { said } from './opening.mjs';

const AT_ONCE = 8;
/** How many are under way at any time. */
const WAYS = { 'one after the other': 1, [`${AT_ONCE} at once`]: AT_ONCE };
const KINDS = Object.keys(WAYS).flatMap((how) => ['createJob', 'updateJob'].map((name) => ({ name, how })));
const FLOOR = 'the system calls alone';

/**
 * Durable writes a second through the library, beside the system calls alone that make a replaced file durable: open, write,
 * fsync, close, rename, fsync of the folder, with as many bytes.
 */
export async function writes(homes, isSmoke, rounds = 3) {
  const count = isSmoke ? 8 : 48;
  const found = [];
  for (const { jobs, home } of homes)
    for (const rates of await ratesOf(home, jobs, count, isSmoke ? 1 : rounds))
      found.push({ jobs, ...rates });
  const rows = KINDS.flatMap(({ name, how }) =>
    found
      .filter((each) => each.name === name && each.how === how)
      .map(({ jobs, us, alone }) => row(`${name}, ${how}, ${said(jobs)} jobs`, us, alone)),
  );
  const updates = found.filter(({ name, how }) => name === 'updateJob' && how === 'one after the other');
  return [
    ...rows,
    growth(
      'updateJob, one after the other',
      updates.map(({ jobs, us }) => ({ n: jobs, cost: 1_000 / us.median })),
    ),
  ];
}

/** Of each kind the rates with a home of so many jobs, and those of the system calls beside it. */
async function ratesOf(home, jobs, count, rounds) {
  const bare = bareWriter(home);
  const manager = new JobManager({ home });
  try {
    const write = { createJob: creating(manager), updateJob: updating(manager, jobs) };
    // The first write of a process looks for what killed writers left.
    await write.updateJob(0);
    const found = [];
    for (const [how, width] of Object.entries(WAYS)) {
      const names = Object.keys(write);
      const rivals = [...names.map((name) => write[name]), bare];
      const rates = await inTurn(
        rivals.map((rival) => () => rate(rival, count, width)),
        rounds,
      );
      const [alone, ...us] = [rates.pop(), ...rates].map(spreadOf);
      found.push(...names.map((name, index) => ({ name, how, us: us[index], alone })));
    }
    return found;
  } finally {
    manager.close();
  }
}

/** Writes a second, `width` of them under way at any time. */
async function rate(write, count, width) {
  let next = 0;
  const started = performance.now();
  const worker = async () => {
    while (next < count) {
      next += 1;
      await write(next);
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return count / ((performance.now() - started) / 1000);
}

function creating(manager) {
  return async () => {
    const { schedule } = await manager.getJob('prices-00000');
    await manager.createJob({ configName: 'created', schedule, description: 'One of many' });
  };
}

function updating(manager, jobs) {
  let edit = Date.now() % 1_000;
  return async (index) => {
    const job = await manager.getJob(`prices-${String((index * 37) % jobs).padStart(5, '0')}`);
    edit += 1;
    job.priority = edit;
    await manager.updateJob(job);
  };
}

function bareWriter(home) {
  const folder = join(home, 'bare');
  mkdirSync(folder, { recursive: true });
  const text = readFileSync(join(home, 'jobs', 'prices-00000.json'));
  return async (index) => {
    const file = join(folder, `${index % 100}.json`);
    const handle = await open(`${file}.${index}.tmp`, 'wx', 0o600);
    await handle.writeFile(text);
    await handle.sync();
    await handle.close();
    await rename(`${file}.${index}.tmp`, file);
    const parent = await open(folder, 'r');
    await parent.sync();
    await parent.close();
  };
}

function row(name, us, alone) {
  const { value, spread } = shown(us);
  return {
    name: `durable writes: ${name}`,
    ours: value,
    spread,
    unit: 'a second',
    peers: [{ name: FLOOR, ...shown(alone) }],
    ...ratioTo(FLOOR, us.median, alone.median),
  };
}
