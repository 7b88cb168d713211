import { canSignalGroup, type ProcessIdentity } from './identity.ts';
import { listProcesses, type ProcessEntry, readProcessEnv } from './process-table.ts';

/**
 * The environment variable that marks the processes of a tree. Children inherit it, even if they leave the process
 * group or their parent has exited.
 */
export const PROCESS_TREE_VARIABLE = 'QUICKSCRAPE_PROCESS_TREE';

/** The mark of permanent processes. They belong to no tree, even if the process that starts them does. */
export const NO_PROCESS_TREE = 'none';

/** A program with all processes that it started, directly or indirectly. */
export interface ProcessTree {
  /** Processes that were started as leaders of their own groups; all members of these groups belong to the tree. */
  leaders: readonly ProcessIdentity[];
  /** The value of {@link PROCESS_TREE_VARIABLE} in the tree's processes. */
  mark: string;
}

/** Lists the live processes of a tree, except this one. */
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
 * Finds a tree's processes: those in its groups, those with its mark, and their descendants and group members. A
 * process with another mark belongs to another tree, with all its descendants. The calling process (`self`) is
 * excluded. Its group is not followed either, because only the group's owner may end it.
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
