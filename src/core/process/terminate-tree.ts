import { execFile, execFileSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { findProcessIdentity } from './identity.ts';
import type { ProcessEntry } from './process-table.ts';
import { listTreeMembers, type ProcessTree } from './process-tree.ts';

const POLL_MS = 25;
/** How long the dead may take to be gone after SIGKILL. */
const SIGKILL_WAIT_MS = 1_000;
/** What is born while a tree is killed is looked for again, this often at most. */
const MAX_KILL_ROUNDS = 5;

/**
 * Ends a process tree: SIGTERM, then SIGKILL for whoever is left after `graceMs`. Resolves when all are gone, or a
 * second after SIGKILL. Found is whoever `listTreeMembers` finds; a process of this tree is never this one itself.
 * @param canKill asked before SIGKILL: what is left may have become something else meanwhile
 */
export async function terminateTree(tree: ProcessTree, graceMs: number, canKill = () => true): Promise<void> {
  if (process.platform === 'win32') return terminateTreeOnWindows(tree);
  const deadline = performance.now() + graceMs;
  const signalled = new Set<string>();
  for (;;) {
    const members = listTreeMembers(tree);
    if (members.length === 0) return;
    // Twice would mean "at once" to many programs.
    for (const member of members) if (!signalled.has(keyOf(member))) sendSigterm(member);
    for (const member of members) signalled.add(keyOf(member));
    if (!(await haveExited(members, deadline))) break;
  }
  if (!canKill()) return;
  const killDeadline = performance.now() + SIGKILL_WAIT_MS;
  while (performance.now() < killDeadline && killMembers(listTreeMembers(tree)) > 0) await delay(POLL_MS);
}

/** Kills a process tree at once; does nothing when nobody of it lives. */
export function killTree(tree: ProcessTree): void {
  if (process.platform === 'win32') {
    for (const { pid } of tree.leaders)
      ignoreErrors(() => execFileSync(taskkill(), killArguments(pid), { stdio: 'ignore' }));
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
  // A stopped process hears nothing else.
  signal(member, 'SIGCONT');
}

function killMembers(members: readonly ProcessEntry[]): number {
  for (const member of members) signal(member, 'SIGKILL');
  return members.length;
}

function signal(member: ProcessEntry, name: NodeJS.Signals): void {
  // Its pid may be another process's by now.
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
    ({ pid }) => new Promise<void>((resolve) => execFile(taskkill(), killArguments(pid), () => resolve())),
  );
  await Promise.all(ends);
}

/** The absolute path keeps a `taskkill` in the working folder from being run. */
function taskkill(): string {
  return `${process.env['SystemRoot'] ?? 'C:\\Windows'}\\System32\\taskkill.exe`;
}

function killArguments(pid: number): string[] {
  return ['/pid', String(pid), '/T', '/F'];
}

function ignoreErrors(work: () => unknown): void {
  try {
    work();
  } catch {
    // It is gone, or it belongs to another user.
  }
}
