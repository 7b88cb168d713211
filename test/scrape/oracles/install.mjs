// Installs what the oracles of test/scrape/oracles need: their programs and documentation by apt, feeds and data by npm.
// Usage: node test/scrape/oracles/install.mjs FOLDER
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** Debian package, and what is there once it is installed. */
const DEBIAN = {
  'python3-parsel': '/usr/lib/python3/dist-packages/parsel',
  'python3-pandas': '/usr/lib/python3/dist-packages/pandas',
  'python3-lxml': '/usr/lib/python3/dist-packages/lxml',
  'python3-jsonpath-ng': '/usr/lib/python3/dist-packages/jsonpath_ng',
  'python3-extruct': '/usr/lib/python3/dist-packages/extruct',
  'php-doc': '/usr/share/doc/php-doc/html',
  'apache2-doc': '/usr/share/doc/apache2-doc/manual/en',
  'python3.13-doc': '/usr/share/doc/python3.13/html',
  'postgresql-doc-17': '/usr/share/doc/postgresql-doc-17/html',
  'iso-codes': '/usr/share/iso-codes/json',
  'shared-mime-info': '/usr/share/mime/packages/freedesktop.org.xml',
  'xkb-data': '/usr/share/X11/xkb/rules/base.xml',
};
/** What npm says of a version never changes. */
const NPM = ['feedparser@1.1.6', 'world-countries@5.1.0', 'structured-data-testing-tool@4.5.0'];

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: node test/scrape/oracles/install.mjs FOLDER');
const missing = Object.entries(DEBIAN).flatMap(([name, path]) => (existsSync(path) ? [] : [name]));
if (missing.length > 0) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const [command, ...before] = process.getuid?.() === 0 ? ['apt-get'] : ['sudo', 'apt-get'];
  for (const words of [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', ...missing],
  ])
    spawnSync(command, [...before, ...words], { stdio: 'inherit', env });
}
for (const name of NPM) {
  const target = join(folder, name.split('@')[0]);
  if (existsSync(target)) continue;
  mkdirSync(target, { recursive: true });
  const [packed] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--pack-destination', folder, name], { encoding: 'utf8' }),
  );
  execFileSync('tar', ['-xzf', join(folder, packed.filename), '-C', target, '--strip-components=1']);
}
