import { canSignalGroup, type ProcessIdentity } from './identity.ts';
import { listProcesses, type ProcessEntry, readProcessEnv } from './process-table.ts';

/**
 * The environment variable that marks whatever a program of ours starts: children inherit it, also those that leave
 * the process group and whose parent is gone.
 */
export const PROCESS_TREE_VARIABLE = 'QUICKSCRAPE_PROCESS_TREE';

/** What we start for good, in whatever tree we happen to be ourselves, carries this mark: it belongs to none. */
export const NO_PROCESS_TREE = 'none';

/** A program with everything that it started, directly or not. */
export interface ProcessTree {
  /** Processes that were started as leaders of a group of their own; whoever is in that group belongs. */
  leaders: readonly ProcessIdentity[];
  /** The value of {@link PROCESS_TREE_VARIABLE} in its processes. */
  mark: string;
}

/** The live processes of a tree, without this one. */
export function listTreeMembers(tree: ProcessTree): ProcessEntry[] {
  const groups = new Set(tree.leaders.filter(canSignalGroup).map(({ pid }) => pid));
  return findTreeMembers(
    listProcesses(),
    groups,
    tree.mark,
    (pid) => readProcessEnv(pid, PROCESS_TREE_VARIABLE),
    process.pid,
  );
}

/**
 * Finds a tree's processes: those in its groups, those that carry its mark, and what descends from them or shares a
 * group with them. A process with another mark belongs to another tree, with all that it started. The one that asks
 * (`self`) is left out, and so is its group: only its owner may end that.
 */
export function findTreeMembers(
  table: readonly ProcessEntry[],
  groups: ReadonlySet<number>,
  mark: string,
  readMark: (pid: number) => string | undefined,
  self: number,
): ProcessEntry[] {
  const selfGroup = table.find(({ pid }) => pid === self)?.group;
  const marks = new Map(table.map(({ pid }) => [pid, readMark(pid)]));
  const byParent = groupBy(table, ({ parent }) => parent);
  const byGroup = groupBy(table, ({ group }) => group);
  const found = new Map<number, ProcessEntry>();
  const pending = table.filter(({ pid, group }) => marks.get(pid) === mark || groups.has(group));
  for (let entry = pending.pop(); entry; entry = pending.pop()) {
    const other = marks.get(entry.pid);
    if (found.has(entry.pid) || (other !== undefined && other !== mark)) continue;
    found.set(entry.pid, entry);
    pending.push(...(byParent.get(entry.pid) ?? []));
    if (entry.group !== selfGroup) pending.push(...(byGroup.get(entry.group) ?? []));
  }
  found.delete(self);
  return [...found.values()];
}

function groupBy(
  table: readonly ProcessEntry[],
  key: (entry: ProcessEntry) => number,
): Map<number, ProcessEntry[]> {
  const groups = new Map<number, ProcessEntry[]>();
  for (const entry of table) {
    const group = groups.get(key(entry));
    if (group) group.push(entry);
    else groups.set(key(entry), [entry]);
  }
  return groups;
}
