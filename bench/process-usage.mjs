import { readdirSync, readFileSync } from 'node:fs';

/** The unit of /proc/PID/stat on every Linux that Node runs on. */
const TICK_MS = 10;

/** Processor time that the threads of a process have used, in milliseconds; in steps of 10 where the kernel does not count finer. */
export function cpuMsOf(pid) {
  try {
    const tasks = `/proc/${pid}/task`;
    const used = readdirSync(tasks).map((task) => readFileSync(`${tasks}/${task}/schedstat`, 'latin1'));
    return used.reduce((sum, text) => sum + Number(text.split(' ')[0]), 0) / 1e6;
  } catch {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [user, system] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13);
    return (Number(user) + Number(system)) * TICK_MS;
  }
}

/** What a process has in memory now, in MB. */
export function mbOf(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1000;
}
