import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { tempFolder } from '../temp-folder.ts';

/** A system on which a test installs packages. */
export interface DebianRoot {
  /** Its folder on this machine. */
  folder: string;
  /** The home of an ordinary user, as that system names it. */
  home: string;
  /** Runs dpkg as root. */
  dpkg(...args: string[]): string;
  /** Runs a command as the ordinary user. `quickscrape` is the one that is installed. */
  run(command: string, ...args: string[]): SpawnSyncReturns<string>;
}

/** Makes a Debian 13 from its packages, with its Node. It takes two minutes. */
export function makeDebian(folder: string): string {
  const packages = '--include=nodejs,man-db,bash-completion';
  asRoot('mmdebstrap', ['--variant=essential', packages, '--mode=root', '--quiet', 'trixie', folder]);
  const home = join(folder, 'home/ann');
  mkdirSync(home, { recursive: true });
  asRoot('chown', ['1000:1000', home]);
  return folder;
}

/** A copy of a Debian, or without one a clean folder. */
export function debianRoot(debian: string | undefined): DebianRoot {
  return debian === undefined ? cleanFolder() : copyOf(debian);
}

/** A database of packages and nothing else; dependencies are those of this machine. */
function cleanFolder(): DebianRoot {
  const folder = tempFolder();
  mkdirSync(join(folder, 'var/lib/dpkg/info'), { recursive: true });
  mkdirSync(join(folder, 'var/lib/dpkg/updates'));
  writeFileSync(join(folder, 'var/lib/dpkg/status'), '');
  const home = join(folder, 'home/ann');
  mkdirSync(home, { recursive: true });
  return {
    folder,
    home,
    dpkg: (...args) =>
      asRoot('dpkg', [`--root=${folder}`, '--force-depends', '--force-script-chrootless', ...args]),
    run: (command, ...args) => {
      // Its first line names the Node of Debian, which is not installed here.
      const words =
        command === 'quickscrape' ? [process.execPath, join(folder, 'usr/bin/quickscrape')] : [command];
      return spawn([...words, ...args], {
        ...process.env,
        HOME: home,
        MANPATH: join(folder, 'usr/share/man'),
        XDG_DATA_DIRS: join(folder, 'usr/share'),
      });
    },
  };
}

function copyOf(debian: string): DebianRoot {
  const folder = join(tempFolder(), 'root');
  asRoot('cp', ['-a', debian, folder]);
  const home = '/home/ann';
  return {
    folder,
    home,
    dpkg: (...args) => {
      const copies = args.map((arg) => (arg.endsWith('.deb') ? join('/tmp', basename(arg)) : arg));
      for (const arg of args) if (arg.endsWith('.deb')) cpSync(arg, join(folder, 'tmp', basename(arg)));
      return asRoot('chroot', [folder, 'dpkg', ...copies]);
    },
    run: (command, ...args) => {
      const env = ['HOME=/home/ann', 'PATH=/usr/bin:/bin', 'LANG=C.UTF-8'];
      const words = ['env', '-i', '--chdir=/home/ann', ...env, command, ...args];
      // The mount is gone with the command.
      const script = 'mount --bind /proc "$0/proc" && exec chroot --userspec=1000:1000 "$0" "$@"';
      return spawn(['unshare', '--mount', 'sh', '-c', script, folder, ...words], process.env);
    },
  };
}

function spawn([command = '', ...args]: string[], env: NodeJS.ProcessEnv): SpawnSyncReturns<string> {
  const result = spawnSync(command, args, { env, encoding: 'utf8' });
  if (result.error) throw result.error;
  return result;
}

function asRoot(command: string, args: string[]): string {
  const words =
    process.geteuid?.() === 0 ? [command, ...args] : ['unshare', '--map-root-user', command, ...args];
  const { status, stdout, stderr } = spawn(words, process.env);
  if (status !== 0) throw new Error(`${words.join(' ')}: ${stderr}`);
  return stdout;
}

/** The same package under another version, with one file more. */
export function olderPackage(path: string, version: string): string {
  const folder = tempFolder();
  const files = join(folder, 'files');
  asRoot('dpkg-deb', ['-R', path, files]);
  asRoot('sed', ['-i', `s/^Version: .*/Version: ${version}/`, join(files, 'DEBIAN/control')]);
  writeFileSync(join(files, 'usr/lib/quickscrape-jobs/dist/chunk-of-an-older-version.js'), '');
  const older = join(folder, 'older.deb');
  asRoot('dpkg-deb', ['--root-owner-group', '-Znone', '--build', files, older]);
  rmSync(files, { recursive: true });
  return older;
}
