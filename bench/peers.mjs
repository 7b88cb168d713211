import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));
const LOCK = join(FOLDER, 'package-lock.json');
/** What npm has written beside the packages: the lock file that they were installed from. */
const INSTALLED = join(FOLDER, 'node_modules', '.package-lock.json');
/** More than an installation takes. */
const MAX_INSTALL_MS = 600_000;
/** How the product itself finds a package: a peer may have brought another version of it. */
const product = createRequire(join(FOLDER, '..', 'package.json'));

/**
 * Installs the peers of bench/package.json from their own lock file, unless they are there.
 *
 * @returns {boolean} false, and why on stderr, when they cannot be installed: what needs them is left out
 */
export function installPeers() {
  if (isInstalled()) return true;
  console.error('installing the peers in bench/node_modules …');
  return alone(() => isInstalled() || areInstalledNow());
}

function areInstalledNow() {
  try {
    execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: FOLDER,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    return true;
  } catch (error) {
    console.error(`npm could not install the peers, so none is measured: ${error.stderr}`);
    console.error('With the registry in reach: npm ci --ignore-scripts --prefix bench');
    return false;
  }
}

/**
 * What two benches in one checkout may not do at once: `npm ci` begins by removing what is there. SQLite's lock goes with its
 * process, however that ends.
 */
function alone(work) {
  const Database = product('libsql');
  const db = new Database(join(FOLDER, '.installing.db'));
  try {
    db.exec(`PRAGMA busy_timeout = ${MAX_INSTALL_MS}`);
    db.exec('BEGIN EXCLUSIVE');
    return work();
  } finally {
    db.close();
  }
}

/** The version of a peer that is installed; `undefined` when it is not. */
export function versionOf(name) {
  const manifest = join(FOLDER, 'node_modules', name, 'package.json');
  return existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')).version : undefined;
}

/** What a row says of a peer that is not installed. */
export function notInstalled(name) {
  return `${name}: not measured, it is not installed: npm ci --ignore-scripts --prefix bench`;
}

/** The versions of what the product itself is made of, as far as a figure speaks of it. */
export function productVersions() {
  const names = ['cheerio', 'chokidar', 'croner', 'ink', 'libsql', 'undici'];
  const { dependencies } = JSON.parse(readFileSync(join(FOLDER, '..', 'package.json'), 'utf8'));
  return Object.fromEntries(names.map((name) => [name, dependencies[name]]));
}

/** The names of the peers, as bench/package.json has them. */
export function peerNames() {
  return Object.keys(JSON.parse(readFileSync(join(FOLDER, 'package.json'), 'utf8')).dependencies);
}

/** The file of a package as the product has it, whatever version of it a peer has brought. */
export function productFile(name) {
  return product.resolve(name);
}

/** The package itself. */
export function productPackage(name) {
  return import(pathToFileURL(productFile(name)).href);
}

function isInstalled() {
  if (!existsSync(INSTALLED)) return false;
  const versions = (file) =>
    Object.entries(JSON.parse(readFileSync(file, 'utf8')).packages)
      .filter(([path, { optional }]) => path !== '' && !optional)
      .map(([path, { version }]) => `${path}@${version}`);
  const there = new Set(versions(INSTALLED));
  return versions(LOCK).every((each) => there.has(each));
}
