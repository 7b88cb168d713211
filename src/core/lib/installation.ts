import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { asRecord, tryParseJson } from './json.ts';
import { once } from './once.ts';
import { bundledFile, PACKAGE_NAME, programFile, VERSION } from './program.ts';

/**
 * How this program was installed. `folder` is a copy of the package that no package manager knows, such as an unpacked
 * tarball.
 */
export type InstallationKind =
  | 'npm-global'
  | 'npx'
  | 'npm-local'
  | 'clone'
  | 'deb'
  | 'homebrew'
  | 'container'
  | 'mcpb'
  | 'folder';

export interface Installation {
  kind: InstallationKind;
  /** The folder of the package, which contains `dist/`. */
  folder: string;
  /** The words that a person types to start this program: `quickscrape`, or `npx -y quickscrape-jobs`. */
  command: readonly string[];
  /** The words with which an editor, an assistant or a service starts it: they need no PATH and outlive an upgrade. */
  argv: readonly string[];
  /** The commands that upgrade it, in this order; or a sentence where no command does. */
  upgrade: Advice;
  /** The commands that install the same version again, with everything that it needs. */
  reinstall: Advice;
}

/** `commands` stand in order. Without any, `text` says what to do; with some, it says what to do before. */
export interface Advice {
  commands: readonly string[];
  text?: string;
}

/** What a person types to start this program: `quickscrape`, or `npx -y quickscrape-jobs`. */
export function programCommand(): string {
  return findInstallation().command.join(' ');
}

/** How to upgrade this installation, as a sentence of a hint. */
export function describeUpgrade({ upgrade }: Installation = findInstallation()): string {
  return `Upgrade this version${upgrade.text === undefined ? ':' : '.'} ${formatAdvice(upgrade)}`;
}

/** How to install the same version again, as a sentence of a hint. */
export function describeReinstall({ reinstall }: Installation = findInstallation()): string {
  return `Install it again${reinstall.text === undefined ? ':' : '.'} ${formatAdvice(reinstall)}`;
}

const KIND_TEXTS: Readonly<Record<InstallationKind, string>> = {
  'npm-global': 'installed for all projects',
  npx: 'fetched for one start',
  'npm-local': 'installed in a project',
  clone: 'a clone',
  deb: 'installed as a Debian package',
  homebrew: 'installed by Homebrew',
  container: 'in a container',
  mcpb: 'installed as an extension of an assistant (.mcpb)',
  folder: 'a copy of the package',
};

/** How the program was installed, as a part of a sentence: `installed as a Debian package`. */
export function describeInstallation({ kind }: Pick<Installation, 'kind'>): string {
  return KIND_TEXTS[kind];
}

/** A piece of advice in one line: `In /home/ann/quickscrape: git pull && npm ci`. */
function formatAdvice({ text, commands }: Advice): string {
  return [...(text === undefined ? [] : [text]), commands.join(' && ')].filter(Boolean).join(' ');
}

/** What the file system says about the folder of the package. */
export interface InstallationFacts {
  /** The real path of the package's folder. */
  folder: string;
  /** The word that the maker of a Debian package, a formula or an image wrote into `dist/installed-from`. */
  installedFrom: string | undefined;
  /** Whether the folder is a git work tree. */
  hasGit: boolean;
  /** The names of files beside the `node_modules` that contains the package, if one does. */
  besideNodeModules: ReadonlySet<string>;
  /** What `npx` was asked for, in its cache: a name with or without a version, or a file. */
  npxPackage: string | undefined;
  /** The path of the Node that runs this. */
  execPath: string;
}

type PackageManager = 'npm' | 'pnpm' | 'yarn' | 'bun';

/** The files that tell which program manages a project's packages. */
const LOCK_FILES: readonly (readonly [file: string, manager: PackageManager])[] = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
];

/** The folders in which the other package managers keep what they install for all projects. */
const GLOBAL_FOLDERS: readonly (readonly [path: RegExp, manager: PackageManager])[] = [
  [/\/pnpm\/global\//i, 'pnpm'],
  [/\/yarn\/(?:data\/)?global\//i, 'yarn'],
  [/\/\.bun\/install\/global\//, 'bun'],
];

/** The folders of packages that are installed for one start. */
const ONE_START_FOLDERS: readonly (readonly [path: RegExp, runner: string])[] = [
  [/\/_npx\//, 'npx -y'],
  [/\/pnpm\/dlx\//i, 'pnpm dlx'],
  [/\/bunx-[^/]+\//, 'bunx'],
];

const GLOBAL_INSTALL: Readonly<Record<PackageManager, string>> = {
  npm: 'npm install --global',
  pnpm: 'pnpm add --global',
  yarn: 'yarn global add',
  bun: 'bun add --global',
};
const LOCAL_INSTALL: Readonly<Record<PackageManager, string>> = {
  npm: 'npm install',
  pnpm: 'pnpm add',
  yarn: 'yarn add',
  bun: 'bun add',
};
const LOCAL_RUN: Readonly<Record<PackageManager, string>> = {
  npm: 'npx',
  pnpm: 'pnpm exec',
  yarn: 'yarn run',
  bun: 'bunx',
};

/** The words of `dist/installed-from`. */
const MADE_BY: readonly InstallationKind[] = ['deb', 'homebrew', 'container', 'mcpb'];
const NAME = 'quickscrape';

/** Returns how this program was installed. It reads a few names of files, at the first call. */
export const findInstallation: () => Installation = once(() => decideInstallation(readFacts()));

function readFacts(): InstallationFacts {
  const folder = dirname(dirname(realPath(programFile('cli'))));
  const nodeModules = packagesFolderOf(folder);
  const names = ['package.json', ...LOCK_FILES.map(([name]) => name)];
  return {
    folder,
    installedFrom: readWord(bundledFile('installed-from')),
    hasGit: existsSync(join(folder, '.git')),
    besideNodeModules: new Set(
      nodeModules === undefined ? [] : names.filter((name) => existsSync(join(dirname(nodeModules), name))),
    ),
    npxPackage: nodeModules === undefined ? undefined : readNpxPackage(dirname(nodeModules)),
    execPath: process.execPath,
  };
}

/** npm writes what it was asked for into the package.json of its folder. */
function readNpxPackage(folder: string): string | undefined {
  const content = tryParseJson(readWord(join(folder, 'package.json')) ?? '');
  const packages = asRecord(asRecord(content)['_npx'])['packages'];
  const [first] = Array.isArray(packages) ? packages : [];
  return typeof first === 'string' ? first : undefined;
}

function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}

function readWord(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** The outermost `node_modules` that contains the folder: those within it belong to other packages, or to pnpm. */
function packagesFolderOf(folder: string): string | undefined {
  let found: string | undefined;
  for (let at = folder; dirname(at) !== at; at = dirname(at)) if (basename(at) === 'node_modules') found = at;
  return found;
}

/** Decides how a program with these facts was installed, and how it is started and upgraded. */
export function decideInstallation(facts: InstallationFacts): Installation {
  const { folder, installedFrom, hasGit, besideNodeModules } = facts;
  const path = `${folder.replaceAll('\\', '/')}/`;
  const made = MADE_BY.find((kind) => kind === installedFrom);
  if (made !== undefined) return madeBy(made, facts);
  const runner = ONE_START_FOLDERS.find(([where]) => where.test(path))?.[1];
  if (runner !== undefined) return forOneStart(runner, facts);
  const direct = directStart(facts);
  if (packagesFolderOf(folder) === undefined)
    return hasGit ? clone(folder, direct) : plainFolder(folder, direct);
  const globalManager = GLOBAL_FOLDERS.find(([where]) => where.test(path))?.[1];
  if (globalManager === undefined && besideNodeModules.has('package.json'))
    return inProject(besideNodeModules, folder, direct);
  const install = GLOBAL_INSTALL[globalManager ?? 'npm'];
  return {
    kind: 'npm-global',
    folder,
    command: [NAME],
    argv: direct,
    upgrade: { commands: [`${install} ${PACKAGE_NAME}@latest`] },
    reinstall: { commands: [`${install} ${optionalFlag(install)}${PACKAGE_NAME}@${VERSION}`] },
  };
}

/** npm alone can leave optional packages out by a setting of the user. */
function optionalFlag(install: string): string {
  return install.startsWith('npm ') ? '--include=optional ' : '';
}

/** Node and the file. Homebrew and pnpm have folders of one version, and lasting links to them. */
function directStart({ folder, execPath }: InstallationFacts): string[] {
  const node = execPath.replace(/\/Cellar\/(node(?:@\d+)?)\/[^/]+\/bin\/node$/, '/opt/$1/bin/node');
  const lasting = folder.replace(/(?:\/node_modules)?\/\.pnpm\/[^/]+\/node_modules\//, '/node_modules/');
  return [node, join(lasting, 'dist', 'cli.js')];
}

function forOneStart(runner: string, { folder, npxPackage }: InstallationFacts): Installation {
  const command = [...runner.split(' '), packageForRunner(npxPackage)];
  const kept = dirname(packagesFolderOf(folder) ?? folder);
  return {
    kind: 'npx',
    folder,
    command,
    // The folder is a cache: it disappears without a word.
    argv: command,
    upgrade: {
      text: 'Ask for the newest version at each start:',
      commands: [`${runner} ${PACKAGE_NAME}@latest`],
    },
    reinstall: { text: `Delete the folder ${kept}, then:`, commands: [command.join(' ')] },
  };
}

/** A file is named by its whole path, or the command would work in one folder only; npx would execute a bare path. */
function packageForRunner(asked = ''): string {
  if (isAbsolute(asked)) return `file:${asked}`;
  return asked.startsWith(PACKAGE_NAME) ? asked : PACKAGE_NAME;
}

function inProject(beside: ReadonlySet<string>, folder: string, argv: string[]): Installation {
  const manager = LOCK_FILES.find(([file]) => beside.has(file))?.[1] ?? 'npm';
  const install = LOCAL_INSTALL[manager];
  const text = `In ${dirname(packagesFolderOf(folder) ?? folder)}:`;
  // The command of a package is found by the package's name, except by those that know commands alone.
  const name = manager === 'npm' || manager === 'bun' ? PACKAGE_NAME : NAME;
  return {
    kind: 'npm-local',
    folder,
    command: [...LOCAL_RUN[manager].split(' '), name],
    argv,
    upgrade: { text, commands: [`${install} ${PACKAGE_NAME}@latest`] },
    reinstall: { text, commands: [`${install} ${optionalFlag(install)}${PACKAGE_NAME}@${VERSION}`] },
  };
}

/** Its users have an alias or a link of that name (docs/start). */
function clone(folder: string, argv: string[]): Installation {
  const text = `In ${folder}:`;
  return {
    kind: 'clone',
    folder,
    command: [NAME],
    argv,
    upgrade: { text, commands: ['git pull', 'npm ci'] },
    reinstall: { text, commands: ['npm ci --include=optional'] },
  };
}

function plainFolder(folder: string, argv: string[]): Installation {
  return {
    kind: 'folder',
    folder,
    command: [NAME],
    argv,
    upgrade: { text: `Replace the folder ${folder} with the new version.`, commands: [] },
    reinstall: { text: `Unpack version ${VERSION} again into ${folder}.`, commands: [] },
  };
}

/** Installations by a system that names itself in `dist/installed-from`. */
function madeBy(kind: InstallationKind, facts: InstallationFacts): Installation {
  const { folder } = facts;
  const common = { kind, folder, command: [NAME] };
  switch (kind) {
    case 'deb': {
      const commands = [`sudo apt install ./${PACKAGE_NAME}_*.deb`];
      const argv = [`/usr/bin/${NAME}`];
      const reinstall = { commands: [`sudo apt install --reinstall ./${PACKAGE_NAME}_*.deb`] };
      return { ...common, argv, upgrade: { text: 'With the newer .deb file:', commands }, reinstall };
    }
    case 'homebrew': {
      const prefix = /^(.*)\/Cellar\//.exec(folder)?.[1];
      const argv = prefix === undefined ? directStart(facts) : [`${prefix}/bin/${NAME}`];
      return {
        ...common,
        argv,
        upgrade: { commands: [`brew upgrade ${PACKAGE_NAME}`] },
        reinstall: { commands: [`brew reinstall ${PACKAGE_NAME}`] },
      };
    }
    case 'container': {
      const text = 'Outside the container, in the folder of compose.yaml:';
      const upgrade = { text, commands: ['docker compose build --pull', 'docker compose up --detach'] };
      const reinstall = { text, commands: ['docker compose build --no-cache', 'docker compose up --detach'] };
      return { ...common, argv: directStart(facts), upgrade, reinstall };
    }
    default: {
      const upgrade = { text: 'Open the newer .mcpb file with the assistant.', commands: [] };
      const reinstall = { text: 'Open the .mcpb file with the assistant again.', commands: [] };
      return { ...common, argv: directStart(facts), upgrade, reinstall };
    }
  }
}
