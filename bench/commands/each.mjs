import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Libsql from 'libsql';
import { JOB } from './workplace.mjs';

/**
 * Each command, with the flags that make it what it is, and the words that it is measured with, in the order in which one
 * prepares what the next one needs. What is no list of words is a function of the place and the round that returns one; what
 * it does before is not measured.
 */
export const COMMANDS = {
  'job list': [],
  'job show': [JOB],
  'job create': ['--config', 'prices', '--schedule', 'daily', '--at', '09:00'],
  'job update': (_, round) => ['prices-00001', '--description', `For the ${round}th time`],
  'job clone': (_, round) => [JOB, `copy-${round}`],
  'job delete': (_, round) => [`copy-${round}`, '--force'],
  'job restore': (_, round) => [`copy-${round}`],
  'job run': [JOB],
  'job retry': ({ runId }) => [runId],
  'job cancel': async (place) => {
    const { run } = await place.quickscrape('job', 'run', 'slow', '--background');
    return [run.run_id];
  },
  'job logs': [JOB],
  'job history': [JOB],
  'job chart': [JOB],
  'job items': ({ runId }) => [runId],
  'job diff': [JOB],
  'job item history': ({ home }) => {
    const file = join(home, 'configs', 'prices.yaml');
    const config = readFileSync(file, 'utf8');
    if (!config.includes('history')) writeFileSync(file, `${config}changes: { key: name }\nhistory: price\n`);
    return [JOB];
  },
  'job next': [JOB],
  'scheduler start --daemon': [],
  'scheduler status': [],
  'scheduler restart': [],
  'scheduler logs': [],
  'scheduler stop': [],
  'scheduler unit': ['systemd'],
  'worker invite': (_, round) => [`paris-${round}`, '--redis', 'redis://127.0.0.1:6379'],
  'channels test': ({ home, url }) => {
    writeFileSync(join(home, 'channels.yaml'), `me: { type: webhook, method: GET, url: "${url}" }\n`);
    return ['me'];
  },
  'channels list': [],
  'channels log': [],
  'worker list': [],
  // Only a worker that was heard can be drained.
  'worker drain': (place, round) => {
    const db = new Libsql(join(place.home, 'quickscrape.db'));
    db.prepare(
      `INSERT INTO workers (name, tags, slots, running, version, first_seen, last_seen, skew_ms)
       VALUES (?, '', 1, 0, '0', 0, 0, 0)`,
    ).run([`paris-${round}`]);
    db.close();
    return [`paris-${round}`];
  },
  'worker revoke': (_, round) => [`paris-${round}`],
  'worker unit': ['systemd'],
  'schedule preview': ['--cron', '0 9 * * 1-5', '--timezone', 'Europe/Berlin'],
  forecast: [],
  homes: [],
  'config set': (_, round) => ['max_concurrent_runs', String(2 + (round % 8))],
  'config get': ['max_concurrent_runs'],
  'config list': [],
  'config reset': ['max_concurrent_runs'],
  init: (place, round) => ['--home', place.newFolder(`init-${round}`)],
  'wizard --yes': ({ url }, round) => [url, '--name', `proposed-${round}`, '--max-pages', '1'],
  list: [],
  show: ['prices'],
  validate: ['prices'],
  scrape: ['prices'],
  'demo --once': (place, round) => ['--home', place.newFolder(`demo-${round}`)],
  export: [],
  // Into a home of its own: running it twice changes nothing.
  import: (place, round) => [place.bundle, '--home', place.emptyFolder(`import-${round}`)],
  backup: (place, round) => [place.newFolder(`backup-${round}.db`)],
  restore: async (place, round) => {
    const file = place.newFolder(`restore-${round}.db`);
    await place.quickscrape('backup', file);
    return [file];
  },
  doctor: [],
  report: [],
  metrics: [],
  'maintenance repair-jobs --yes': [],
  'mcp --print-config': ['claude'],
  'editor install': (place, round) => ['neovim', '--command', pretendNeovim(place, round)],
  'editor list': [],
  'editor uninstall': (place, round) => ['neovim', '--command', pretendNeovim(place, round)],
  completion: ['bash'],
  upgrade: [],
  // What a shell asks at each Tab. It is in no help.
  complete: ['--', 'job', 'show', 'pri'],
  help: [],
};

/** A program that answers as Neovim does: what is measured is ours, and nobody's packages are touched. */
function pretendNeovim(place, round) {
  const data = place.newFolder(`nvim-data-${round}`);
  const program = place.newFolder(`nvim-${round}`);
  writeFileSync(
    program,
    `#!/bin/sh\ncase "$*" in --version) echo NVIM v0.10.4;; *stdpath*) printf %s '${data}';; esac\n`,
  );
  chmodSync(program, 0o755);
  return program;
}

/** What goes on until it is stopped: measured by the suites that have these names. */
export const STAYING = {
  'scheduler run': 'scheduler',
  'worker start': 'workers',
  tui: 'dashboard',
  rpc: 'rpc',
};

/** What prints a text and ends. */
export const FLAGS = [['--help'], ['--version'], ['job', '--help'], ['job', 'create', '--help']];

/** The whole line of a command in a round: its name, and the words that it is measured with. */
export async function lineOf(name, place, round) {
  const words = COMMANDS[name];
  const line = [...name.split(' '), ...(Array.isArray(words) ? words : await words(place, round))];
  return line.includes('--home') ? line : ['--home', place.home, ...line];
}
