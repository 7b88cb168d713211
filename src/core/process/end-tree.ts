import { execFile, execFileSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { identityOf } from './identity.ts';
import type { ProcessEntry } from './process-table.ts';
import { membersOf, type ProcessTree } from './tree.ts';

const POLL_MS = 25;
/** How long the dead may take to be gone after SIGKILL. */
const DYING_MS = 1_000;
/** What is born while a tree is killed is looked for again, this often at most. */
const KILL_ROUNDS = 5;

/**
 * Ends a process tree: SIGTERM, then SIGKILL for whoever is left after `graceMs`. Resolves when all are gone, or a
 * second after SIGKILL. Found is whoever `membersOf` finds; a process of this tree is never this one itself.
 * @param mayKill asked before SIGKILL: what is left may have become something else meanwhile
 */
export async function endTree(tree: ProcessTree, graceMs: number, mayKill = () => true): Promise<void> {
  if (process.platform === 'win32') return endTreeOnWindows(tree);
  const end = performance.now() + graceMs;
  const asked = new Set<string>();
  for (;;) {
    const members = membersOf(tree);
    if (members.length === 0) return;
    // Twice would mean "at once" to many programs.
    for (const member of members) if (!asked.has(nameOf(member))) askToEnd(member);
    for (const member of members) asked.add(nameOf(member));
    if (!(await areGone(members, end))) break;
  }
  if (!mayKill()) return;
  const last = performance.now() + DYING_MS;
  while (performance.now() < last && killMembers(membersOf(tree)) > 0) await delay(POLL_MS);
}

/** Kills a process tree at once; does nothing when nobody of it lives. */
export function killTree(tree: ProcessTree): void {
  if (process.platform === 'win32') {
    for (const { pid } of tree.leaders)
      quietly(() => execFileSync(taskkill(), killArguments(pid), { stdio: 'ignore' }));
    return;
  }
  const killed = new Set<string>();
  for (let round = 0; round < KILL_ROUNDS; round += 1) {
    const members = membersOf(tree).filter((member) => !killed.has(nameOf(member)));
    if (killMembers(members) === 0) return;
    for (const member of members) killed.add(nameOf(member));
  }
}

function nameOf({ pid, start }: ProcessEntry): string {
  return `${pid} ${start}`;
}

function askToEnd(member: ProcessEntry): void {
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
  if (isThere(member)) quietly(() => process.kill(member.pid, name));
}

function isThere({ pid, start }: ProcessEntry): boolean {
  return identityOf(pid)?.start === start;
}

async function areGone(members: readonly ProcessEntry[], end: number): Promise<boolean> {
  while (members.some(isThere)) {
    if (performance.now() >= end) return false;
    await delay(POLL_MS);
  }
  return true;
}

/** Windows has no groups and no SIGTERM. */
async function endTreeOnWindows(tree: ProcessTree): Promise<void> {
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

function quietly(work: () => unknown): void {
  try {
    work();
  } catch {
    // It is gone, or it belongs to another user.
  }
}
