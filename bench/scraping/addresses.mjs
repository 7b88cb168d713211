import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { atMost } from '../verdict.mjs';
import { ScrapedSite } from './site.mjs';

const USAGE = new URL('usage.mjs', import.meta.url).href;
const PROGRAM = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
/** What the process of the run may take at its peak, in MB. */
const MOST_MB = 200;
const WHY =
  'The addresses take 30 MB. The rest is the program itself, the page that is read, and what V8 lets grow before it collects it.';

/** A run of a job whose addresses are in a file: what its process took. */
export async function addresses(count, folder) {
  const site = await ScrapedSite.start('numbered', count, folder);
  try {
    const home = join(folder, 'home-of-addresses');
    const configs = join(home, 'configs');
    for (const each of [home, configs]) mkdirSync(each, { mode: 0o700 });
    const lines = Array.from({ length: count }, (_, n) => `A-${n},"Product, ${n}",${site.url}shop/p-${n}`);
    writeFileSync(join(configs, 'ids.csv'), `sku,name,url\n${lines.join('\n')}\n`);
    writeFileSync(
      join(configs, 'numbered.yaml'),
      'urls_from: ids.csv\nselectors: {title: h1, price: .price}\ndelays: {type: fixed, value: 0}\ncache: false\n',
    );
    const call = (...args) => called([...args, '--home', home, '--json'], folder);
    await call(
      'job',
      'create',
      '--config',
      'numbered',
      '--id',
      'numbered',
      '--cron',
      '0 0 1 1 *',
      '--timeout',
      '3600',
    );
    const { run } = JSON.parse(await call('job', 'run', 'numbered'));
    if (run.items !== count) throw new Error(`${run.items} items of ${count}: ${run.error?.message}`);
    const { mb, cpu } = await usageOfRun(folder);
    const name = `${count.toLocaleString('en')} addresses of a file`;
    return [
      {
        ...{ name: `${name}, the run at its peak`, ours: Math.round(mb), unit: 'MB', peers: [] },
        ...atMost(mb, MOST_MB, { unit: 'MB', why: WHY }),
      },
      { name: `${name}, the run`, ours: Number(cpu.toFixed(1)), unit: 'CPU seconds', peers: [] },
    ];
  } finally {
    await site.stop();
  }
}

/** The process of the run may end after the command that waits for it. */
async function usageOfRun(folder) {
  for (;;) {
    const names = readdirSync(folder).filter((name) => name.startsWith('usage-'));
    const texts = names.map((name) => readFileSync(join(folder, name), 'utf8'));
    // The other two are the commands.
    if (texts.length === 3 && !texts.includes(''))
      return texts.map((each) => JSON.parse(each)).sort((a, b) => b.mb - a.mb)[0];
    await delay(20);
  }
}

async function called(args, folder) {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    env: { ...process.env, NODE_OPTIONS: `--import=${USAGE}`, USAGE_FILE: join(folder, 'usage-{pid}.json') },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [said, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${said}`);
  return said;
}
