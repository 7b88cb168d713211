import { accessSync, constants } from 'node:fs';
import { dirname } from 'node:path';
import type { Command } from 'commander';
import { describeInstallation, findInstallation, type Installation } from '../../core/lib/installation.ts';
import { BUILD, PACKAGE_NAME, VERSION } from '../../core/lib/program.ts';
import type { CommandContext } from '../context/context.ts';
import { leafCommand, onCommand } from '../context/define-command.ts';
import type { Releases } from './newest-version.ts';

export function upgradeCommand(): Command {
  const command = leafCommand('upgrade', {
    description:
      'Print the commands that upgrade this installation. Changes nothing. With --check, npm asks its registry for the newest version that this Node can run; no other command does. Without an answer, the output is as without --check.',
    json: '{ version, build, installed, folder, latest, newest, needs_node, scheduler, note, commands }: latest is the newest version, newest the newest one for this Node; null without --check and without an answer',
    examples: [
      ['upgrade', 'the commands for this installation'],
      ['upgrade --check', 'and whether there is a newer version'],
      [`upgrade --check --json | jq -r .newest`, 'for a script'],
    ],
  }).option('--check', 'ask the registry of npm for the newest version');
  return onCommand<[], { check?: boolean }>(command, async (context, _, { check = false }) => {
    const releases = check ? await askRegistry() : undefined;
    const plan = planUpgrade(findInstallation(), releases);
    const scheduler = await findScheduler(context);
    await context.print({ ...plan, scheduler }, () => formatPlan(plan, scheduler, releases, context));
  });
}

async function askRegistry(): Promise<Releases | undefined> {
  const { findReleases } = await import('./newest-version.ts');
  return findReleases();
}

/** The scheduler of this home, which goes on with the old version until it is started again. */
async function findScheduler(context: CommandContext): Promise<Scheduler | null> {
  try {
    const [{ findScheduler }, { resolveHome }] = await Promise.all([
      import('../../core/diagnostics/doctor/collect-database.ts'),
      import('../../core/fs/paths.ts'),
    ]);
    const holder = findScheduler(resolveHome({ home: context.globals.home }).database);
    return holder === undefined ? null : { pid: holder.process.pid, version: holder.version };
  } catch {
    // Without SQLite there is no scheduler, and this command must work.
    return null;
  }
}

interface Scheduler {
  pid: number;
  version: string;
}

/** The `--json` output, without the scheduler. */
interface Plan {
  version: string;
  build: string;
  installed: Installation['kind'];
  folder: string;
  latest: string | null;
  newest: string | null;
  needs_node: string | null;
  note: string | null;
  commands: string[];
}

/** Decides what a person has to type. */
export function planUpgrade(installation: Installation, releases: Releases | undefined): Plan {
  const { kind, folder, upgrade } = installation;
  const notes: string[] = [];
  if (kind === 'npm-global' && !isWritable(dirname(folder))) {
    notes.push(
      `You may not write into ${dirname(folder)}: put sudo before the command, or let npm install into a folder of yours (npm config set prefix ~/.local).`,
    );
  }
  const isNodeInTheWay = releases?.needs !== undefined && releases.fitting === VERSION;
  if (isNodeInTheWay) notes.push(`Install Node ${releases.needs} first.`);
  if (upgrade.text !== undefined) notes.push(upgrade.text);
  const version = releases?.needs === undefined || isNodeInTheWay ? 'latest' : releases.fitting;
  return {
    version: VERSION,
    build: BUILD,
    installed: kind,
    folder,
    latest: releases?.latest ?? null,
    newest: releases?.fitting ?? null,
    needs_node: releases?.needs ?? null,
    note: notes.length === 0 ? null : notes.join(' '),
    commands: upgrade.commands.map((line) =>
      line.replace(`${PACKAGE_NAME}@latest`, `${PACKAGE_NAME}@${version}`),
    ),
  };
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function formatPlan(
  plan: Plan,
  scheduler: Scheduler | null,
  releases: Releases | undefined,
  context: CommandContext,
): string {
  const lines = [
    `QuickScrape Jobs ${BUILD}, ${describeInstallation({ kind: plan.installed })}: ${plan.folder}`,
  ];
  if (releases !== undefined) lines.push(describeNews(releases));
  if (releases?.latest === VERSION) return lines.join('\n');
  if (scheduler !== null) {
    lines.push(
      `A scheduler runs (pid ${scheduler.pid}, version ${scheduler.version}). Stop it first, and start it again as you started it.`,
    );
  }
  if (plan.note !== null) lines.push(plan.note);
  const around = (line: string) => (scheduler === null ? [] : [context.command(line)]);
  const steps = [...around('scheduler stop'), ...plan.commands, ...around('scheduler start --daemon')];
  if (plan.commands.length > 0) lines.push('To upgrade:', ...steps.map((line) => `  ${line}`));
  return lines.join('\n');
}

function describeNews({ latest, needs, fitting }: Releases): string {
  const newest = fitting === VERSION ? 'This is the newest version' : `Version ${fitting} is the newest`;
  if (needs === undefined) return `${newest}.`;
  return `${newest} for this Node (${process.versions.node}). Version ${latest} needs Node ${needs}.`;
}
