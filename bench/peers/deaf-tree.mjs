// Preloaded into a worker (NODE_OPTIONS=--import): gives it a "browser" as Playwright starts one, detached, in a group
// of its own, with children in groups of theirs, PROCESSES in all and deaf to SIGTERM. Each writes its pid to PIDS_FILE.
import { spawn } from 'node:child_process';
import { basename } from 'node:path';

const { PIDS_FILE, PROCESSES } = process.env;
if (basename(process.argv[1] ?? '') === 'worker.js' && process.env['QUICKSCRAPE_PROCESS_TREE'] !== 'none') {
  const child = `setsid sh -c 'echo $$ >> "$PIDS_FILE"; exec sleep 300' &`;
  const script = `trap "" TERM; echo $$ >> "$PIDS_FILE"; ${child.repeat(Number(PROCESSES) - 1)} exec sleep 300`;
  spawn('sh', ['-c', script], {
    env: { ...process.env, PIDS_FILE },
    detached: true,
    stdio: 'ignore',
  }).unref();
}
