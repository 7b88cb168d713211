import { mkdirSync, readFileSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { JobManager } from '../../dist/index.js';
import { growth } from '../growth.mjs';
import { inTurn, shown, spreadOf } from '../rounds.mjs';
import { ratioTo } from '../verdict.mjs';

const AT_ONCE = 8;
const FLOOR = 'the system calls alone';

/**
 * Durable writes a second through the library, beside the system calls alone that make a replaced file durable: open, write,
 * fsync, close, rename, fsync of the folder, with as many bytes.
 */
export async function writes(homes, isSmoke, rounds = 3) {
  const [first] = homes;
  const count = isSmoke ? 8 : 48;
  const bare = bareWriter(first.home);
  const manager = new JobManager({ home: first.home });
  const rows = [];
  try {
    for (const [how, width] of Object.entries({
      'one after the other': 1,
      [`${AT_ONCE} at once`]: AT_ONCE,
    })) {
      const rivals = [creating(manager), updating(manager, first.jobs), bare].map(
        (write) => () => rate(write, count, width),
      );
      const [created, updated, alone] = (await inTurn(rivals, isSmoke ? 1 : rounds)).map(spreadOf);
      rows.push(row(`createJob, ${how}`, created, alone), row(`updateJob, ${how}`, updated, alone));
    }
  } finally {
    manager.close();
  }
  return [...rows, await growthOfUpdates(homes, count)];
}

async function growthOfUpdates(homes, count) {
  const points = [];
  for (const { jobs, home } of homes) {
    const manager = new JobManager({ home });
    const update = updating(manager, jobs);
    // The first write of a process looks for what killed writers left.
    await update(0);
    points.push({ n: jobs, cost: 1_000 / (await rate(update, count, 1)) });
    manager.close();
  }
  return growth('updateJob', points);
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
