import { readdirSync, readFileSync } from 'node:fs';

/** The unit of /proc/PID/stat on every Linux that Node runs on. */
const TICK_MS = 10;

/** Processor time of a process, its living descendants and those that have ended, in milliseconds. */
export function cpuMsOfTree(root) {
  const all = new Map();
  for (const name of readdirSync('/proc').filter((each) => /^\d+$/.test(each))) {
    try {
      const [parent, ...ticks] = fieldsOf(name);
      all.set(Number(name), { parent, ticks: ticks.reduce((sum, each) => sum + each, 0) });
    } catch {
      // It has ended.
    }
  }
  const isOfTree = (pid) => pid === root || (all.has(pid) && isOfTree(all.get(pid).parent));
  return [...all].reduce((sum, [pid, { ticks }]) => sum + (isOfTree(pid) ? ticks * TICK_MS : 0), 0);
}

/** Processor time of the children of this process that have ended, and of theirs, in milliseconds. */
export function cpuMsOfEndedChildren() {
  const [, , , user, system] = fieldsOf('self');
  return (user + system) * TICK_MS;
}

/** The parent of a process, its own user and system time, and those of its ended children. */
function fieldsOf(pid) {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return [fields[1], ...fields.slice(11, 15)].map(Number);
}
