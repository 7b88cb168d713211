// The Debian package: the files of the npm package in the places where Debian has them, packed by dpkg-deb.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build as buildCompletions, COMPLETION_FILES } from '../artefacts/completions.mjs';
import { releaseSeconds } from '../release-date.mjs';
import { changelog, control, copyright } from './texts.mjs';

const PACKAGE = 'quickscrape-jobs';
/** Counts packages of one version: a package that is made anew gets the next number. */
const REVISION = 1;

/** Debian's names of architectures, and Node's. */
const ARCHITECTURES = { amd64: 'x64', arm64: 'arm64' };

const COMPLETION_FOLDERS = {
  bash: 'bash-completion/completions',
  zsh: 'zsh/vendor-completions',
  fish: 'fish/vendor_completions.d',
};

/** @returns the path of the package in `out`; `folder` is for files in between */
export async function buildDebianPackage({ root, out, manifest, tarball, folder }) {
  const architecture = chosenArchitecture();
  const seconds = releaseSeconds(root, manifest.version);
  const version = `${manifest.version.replace('-', '~')}-${REVISION}`;
  const files = join(folder, 'files');
  const program = join(files, 'usr/lib', PACKAGE);
  const documents = join(files, 'usr/share/doc', PACKAGE);

  unpack(tarball, program);
  installPackages(root, folder, program, ARCHITECTURES[architecture]);
  startWithDebiansNode(join(program, 'dist/cli.js'));
  writeFileSync(join(program, 'dist/installed-from'), 'deb\n');
  mkdirSync(join(files, 'usr/bin'), { recursive: true });
  symlinkSync(`../lib/${PACKAGE}/dist/cli.js`, join(files, 'usr/bin/quickscrape'));

  moveManPages(join(program, 'man'), join(files, 'usr/share/man/man1'));
  moveDocuments(program, documents);
  await installCompletions(root, folder, join(files, 'usr/share'));
  installUnit(root, join(files, 'usr/lib/systemd/user/quickscrape.service'));

  const facts = { root, manifest, version, architecture, seconds, program };
  writeFileSync(join(documents, 'copyright'), copyright(facts));
  // All licences are in the file of copyrights now.
  rmSync(join(program, 'dist/THIRD-PARTY-NOTICES.md'));
  for (const path of listFiles(join(program, 'node_modules')))
    if (/\/(?:readme|licen[cs]e)[^/]*$/i.test(path)) rmSync(path);
  writeFileSync(join(documents, 'changelog.Debian.gz'), compress(changelog(facts)));
  setModes(files);
  // Debian counts in KiB, a whole one for each begun one.
  const installedSize = sum(listFiles(files).map((path) => Math.ceil(lstatSync(path).size / 1024)));
  const meta = join(files, 'DEBIAN');
  mkdirSync(meta);
  writeFileSync(join(meta, 'md5sums'), md5sums(files));
  writeFileSync(join(meta, 'control'), control({ ...facts, installedSize }));
  setModes(meta);
  setTimes(files, seconds);

  const path = join(out, `${PACKAGE}_${version}_${architecture}.deb`);
  execFileSync('dpkg-deb', ['--root-owner-group', '-Zxz', '--build', files, path], {
    env: { ...process.env, SOURCE_DATE_EPOCH: String(seconds) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return path;
}

function chosenArchitecture() {
  const own = Object.keys(ARCHITECTURES).find((name) => ARCHITECTURES[name] === process.arch);
  const chosen = process.env.DEB_HOST_ARCH ?? own;
  if (!Object.hasOwn(ARCHITECTURES, chosen))
    throw new Error(
      `no package for ${chosen ?? process.arch}; DEB_HOST_ARCH may be ${Object.keys(ARCHITECTURES).join(' or ')}`,
    );
  return chosen;
}

function unpack(tarball, folder) {
  mkdirSync(folder, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1', '--no-same-owner']);
}

/** Installs what the bundle does not hold, in the versions of package-lock.json, for one architecture with glibc. */
function installPackages(root, folder, program, cpu) {
  const project = join(folder, 'project');
  mkdirSync(project);
  for (const name of ['package.json', 'package-lock.json']) cpSync(join(root, name), join(project, name));
  execFileSync(
    'npm',
    [
      'ci',
      '--omit=dev',
      '--ignore-scripts',
      '--prefer-offline',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
    ].concat(['--os=linux', `--cpu=${cpu}`, '--libc=glibc']),
    { cwd: project, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const modules = join(program, 'node_modules');
  renameSync(join(project, 'node_modules'), modules);
  rmSync(join(modules, '.package-lock.json'));
  rmSync(join(modules, '.bin'), { recursive: true, force: true });
  // Its manifest does not say that it is for musl, so that npm installs both.
  rmSync(join(modules, `@libsql/linux-${cpu}-musl`), { recursive: true, force: true });
}

/** Not the first `node` of the PATH, which may be older than the one that this package depends on. */
function startWithDebiansNode(file) {
  const [, ...lines] = readFileSync(file, 'utf8').split('\n');
  writeFileSync(file, ['#!/usr/bin/node', ...lines].join('\n'));
}

function moveDocuments(program, documents) {
  mkdirSync(documents, { recursive: true });
  for (const name of readdirSync(program)) {
    if (name === 'CHANGELOG.md') {
      writeFileSync(join(documents, 'changelog.gz'), compress(readFileSync(join(program, name))));
      rmSync(join(program, name));
    } else if (name === 'LICENSE') rmSync(join(program, name));
    else if (!['dist', 'node_modules', 'package.json'].includes(name))
      renameSync(join(program, name), join(documents, name));
  }
}

function moveManPages(pages, target) {
  mkdirSync(target, { recursive: true });
  for (const name of readdirSync(pages))
    writeFileSync(join(target, `${name}.gz`), compress(readFileSync(join(pages, name))));
  rmSync(pages, { recursive: true });
}

async function installCompletions(root, folder, share) {
  await buildCompletions({ root, out: folder });
  for (const [shell, place] of Object.entries(COMPLETION_FOLDERS)) {
    const target = join(share, place, COMPLETION_FILES[shell]);
    cpSync(join(folder, 'completions', COMPLETION_FILES[shell]), target);
  }
}

/** The scheduler of a user; `systemctl --user enable --now quickscrape` starts it, with the default home of the user. */
function installUnit(root, file) {
  const args = [`${root}dist/cli.js`, 'scheduler', 'unit', 'systemd'];
  const unit = execFileSync(process.execPath, args, { encoding: 'utf8' });
  const started = unit.replace(/^ExecStart=.*$/m, 'ExecStart=/usr/bin/quickscrape scheduler run');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, started);
}

/** Without a time and a name, so that the same text gives the same bytes. */
function compress(content) {
  return gzipSync(content, { level: 9 });
}

/** Files and links below a folder, in an order that no file system decides. */
function listFiles(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}

function md5sums(files) {
  const lines = listFiles(files)
    .filter((path) => lstatSync(path).isFile() && !path.startsWith(join(files, 'DEBIAN')))
    .map(
      (path) => `${createHash('md5').update(readFileSync(path)).digest('hex')}  ${relative(files, path)}\n`,
    );
  return lines.join('');
}

/** Programs begin with `#!`; all else is read. The mask of whoever builds does not matter. */
function setModes(folder) {
  for (const path of entriesOf(folder)) {
    const stats = lstatSync(path);
    if (stats.isDirectory()) chmodSync(path, 0o755);
    else if (stats.isFile())
      chmodSync(path, readFileSync(path).subarray(0, 2).toString() === '#!' ? 0o755 : 0o644);
  }
}

function setTimes(folder, seconds) {
  for (const path of entriesOf(folder)) lutimesSync(path, seconds, seconds);
}

/** A folder and everything below it, the deepest first: a write in a folder changes its time. */
function entriesOf(folder) {
  const below = readdirSync(folder, { recursive: true }).sort().reverse();
  return [...below.map((name) => join(folder, name)), folder];
}
