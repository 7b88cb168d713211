import { execFile, execFileSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { canSignalGroup, findProcessIdentity, type ProcessIdentity } from './identity.ts';
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
function listTreeMembers(tree: ProcessTree): ProcessEntry[] {
  const groups = new Set(tree.leaders.filter(canSignalGroup).map(({ pid }) => pid));
  return findTreeMembers(
    listProcesses(),
    groups,
    tree.mark,
    (pid) => readProcessEnv(pid, PROCESS_TREE_VARIABLE),
    process.pid,
  );
}

/** Whether a process of a tree is alive, other than this one. `false` where the system does not show marks. */
export function hasProcesses(tree: ProcessTree): boolean {
  return process.platform !== 'win32' && listTreeMembers(tree).length > 0;
}

/**
 * Finds a tree's processes: its leaders with their groups, those with its mark, and their descendants and group
 * members. Another process with another mark belongs to another tree, with all its descendants. The calling process
 * (`self`) is excluded. Its group is not followed either, because only the group's owner may end it.
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
    const belongsToOtherTree = other !== undefined && other !== mark && !groups.has(entry.pid);
    if (found.has(entry.pid) || belongsToOtherTree) continue;
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

const POLL_MS = 25;
/** How long processes may take to exit after SIGKILL. */
const SIGKILL_WAIT_MS = 1_000;
/** The maximum number of searches for processes that start while a tree is killed. */
const MAX_KILL_ROUNDS = 5;

/**
 * Ends a process tree: SIGTERM, then SIGKILL for the processes that are left after `graceMs`. Resolves when all have
 * exited, or a second after SIGKILL. It ends the processes that `listTreeMembers` finds, which never include this
 * process.
 * @param canKill called before SIGKILL: the remaining processes may no longer belong to the tree
 */
export async function terminateTree(tree: ProcessTree, graceMs: number, canKill = () => true): Promise<void> {
  if (process.platform === 'win32') return terminateTreeOnWindows(tree);
  const deadline = performance.now() + graceMs;
  const signalled = new Set<string>();
  for (;;) {
    const members = listTreeMembers(tree);
    if (members.length === 0) return;
    // Many programs treat a second SIGTERM as a request to exit immediately.
    for (const member of members) if (!signalled.has(keyOf(member))) sendSigterm(member);
    for (const member of members) signalled.add(keyOf(member));
    if (!(await haveExited(members, deadline))) break;
  }
  if (!canKill()) return;
  const killDeadline = performance.now() + SIGKILL_WAIT_MS;
  while (performance.now() < killDeadline && killMembers(listTreeMembers(tree)) > 0) await delay(POLL_MS);
}

/** Kills a process tree immediately; does nothing when no process of it is alive. */
export function killTree(tree: ProcessTree): void {
  if (process.platform === 'win32') {
    for (const { pid } of tree.leaders)
      ignoreErrors(() => execFileSync(...taskkillCall(pid), { stdio: 'ignore', windowsHide: true }));
    return;
  }
  const killed = new Set<string>();
  for (let round = 0; round < MAX_KILL_ROUNDS; round += 1) {
    const members = listTreeMembers(tree).filter((member) => !killed.has(keyOf(member)));
    if (killMembers(members) === 0) return;
    for (const member of members) killed.add(keyOf(member));
  }
}

function keyOf({ pid, start }: ProcessEntry): string {
  return `${pid} ${start}`;
}

function sendSigterm(member: ProcessEntry): void {
  signal(member, 'SIGTERM');
  // A stopped process does not handle SIGTERM before SIGCONT.
  signal(member, 'SIGCONT');
}

function killMembers(members: readonly ProcessEntry[]): number {
  for (const member of members) signal(member, 'SIGKILL');
  return members.length;
}

function signal(member: ProcessEntry, name: NodeJS.Signals): void {
  // Its pid may belong to another process by now.
  if (isStillAlive(member)) ignoreErrors(() => process.kill(member.pid, name));
}

function isStillAlive({ pid, start }: ProcessEntry): boolean {
  return findProcessIdentity(pid)?.start === start;
}

async function haveExited(members: readonly ProcessEntry[], deadline: number): Promise<boolean> {
  while (members.some(isStillAlive)) {
    if (performance.now() >= deadline) return false;
    await delay(POLL_MS);
  }
  return true;
}

/** Windows has no groups and no SIGTERM. */
async function terminateTreeOnWindows(tree: ProcessTree): Promise<void> {
  const ends = tree.leaders.map(
    ({ pid }) =>
      new Promise<void>((resolve) => execFile(...taskkillCall(pid), { windowsHide: true }, () => resolve())),
  );
  await Promise.all(ends);
}

/** The call that kills a process with all that it started. The absolute path rules out a `taskkill` of the working folder. */
export function taskkillCall(
  pid: number,
  env: Readonly<Record<string, string | undefined>> = process.env,
): [file: string, args: string[]] {
  const folder = `${env['SystemRoot'] ?? 'C:\\Windows'}\\System32`;
  return [`${folder}\\taskkill.exe`, ['/pid', String(pid), '/T', '/F']];
}

function ignoreErrors(work: () => unknown): void {
  try {
    work();
  } catch {
    // The process has exited, or belongs to another user.
  }
}
