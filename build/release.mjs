// Makes a release out of a clean checkout: the version, the files that are published, a commit and a tag.
// Usage: npm run release -- VERSION       makes it; .github/workflows/release.yml publishes the tag
//        npm run release -- --check       says what only an owner can fill in (docs/contributing/release.md)
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { missingForRegistry } from './artefacts/mcp-server.mjs';
import { buildArtefacts, loadArtefacts } from './artefacts.mjs';
import { npm } from './npm.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = `${root}artefacts`;

/** Files that name the version besides package.json, each in a text of its own; VERSION stands for it. */
const PLACES = {
  'src/core/lib/program.ts': "export const VERSION = 'VERSION';",
  'editors/neovim/lua/quickscrape/version.lua': "'VERSION'",
  'editors/emacs/quickscrape.el': ';; Version: VERSION',
};

/** @returns each field that is missing, as `what: where to write it` */
export function missingFields(manifest) {
  const isUrl = (value) => typeof value === 'string' && URL.canParse(value);
  const fields = {
    'repository: its address in package.json': isUrl(urlOf(manifest.repository)),
    'bugs: the address for reports in package.json': isUrl(urlOf(manifest.bugs)),
    'homepage: an address in package.json': isUrl(manifest.homepage),
    'author: a name in package.json': Boolean(manifest.author?.name ?? manifest.author),
    'publishConfig: the registry that has the name, in package.json': isUrl(manifest.publishConfig?.registry),
  };
  const missing = Object.keys(fields).filter((field) => !fields[field]);
  // Its name follows from the repository.
  return missing.length === 0 ? missingForRegistry(manifest) : missing;
}

function urlOf(value) {
  return value?.url ?? value;
}

/**
 * The changelog in which what is unreleased has become a version.
 * @throws Error if nothing is unreleased
 */
export function releasedChangelog(text, version, day) {
  const heading = /^## (?:\S+ \(unreleased\)|Unreleased)$/m;
  if (!heading.test(text))
    throw new Error(
      `CHANGELOG.md has no heading "## ${version} (unreleased)": write what has changed for users under it`,
    );
  return text.replace(heading, `## ${version} - ${day}`);
}

/** @throws Error if the version is no version, or not later than the present one */
export function checkVersion(version, present, isPresentReleased) {
  const parts = /^(\d+)\.(\d+)\.(\d+)$/.exec(version)?.slice(1).map(Number);
  if (!parts) throw new Error(`${version} is not a version: write three numbers, such as 1.2.3`);
  const before = present.split('.').map(Number);
  const at = parts.findIndex((part, index) => part !== before[index]);
  const isLater = at === -1 ? !isPresentReleased : parts[at] > before[at];
  if (!isLater) throw new Error(`${version} is not later than ${present}, the version of package.json`);
}

async function release(version) {
  const manifest = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
  const changelog = readFileSync(`${root}CHANGELOG.md`, 'utf8');
  checkVersion(version, manifest.version, changelog.includes(`## ${manifest.version} - `));
  const missing = missingFields(manifest);
  if (missing.length > 0)
    throw new Error(`only an owner can fill in what is missing: npm run release -- --check`);
  if (git('status', '--porcelain') !== '')
    throw new Error('the checkout has changes: commit them first, so that the tag is what is published');
  const before = git('rev-parse', 'HEAD');
  try {
    const day = new Date().toISOString().slice(0, 10);
    writeFileSync(`${root}CHANGELOG.md`, releasedChangelog(changelog, version, day));
    npm(['version', version, '--no-git-tag-version', '--allow-same-version', '--ignore-scripts'], {
      cwd: root,
    });
    for (const [file, text] of Object.entries(PLACES)) setVersion(file, text, manifest.version, version);
    execFileSync(process.execPath, [`${root}build/docs/write-docs.mjs`], { cwd: root });
    await buildAll();
    git('commit', '--quiet', '--all', '--message', `Release ${version}`);
    git('tag', '--annotate', `v${version}`, '--message', `QuickScrape Jobs ${version}`);
  } catch (error) {
    git('reset', '--quiet', '--hard', before);
    throw error;
  }
  console.log(`\nv${version} is committed and tagged. git push --follow-tags publishes it.`);
}

function setVersion(file, text, before, version) {
  const content = readFileSync(`${root}${file}`, 'utf8');
  const present = withVersion(text, before);
  if (!content.includes(present))
    throw new Error(`${file} does not contain ${present}: correct PLACES in build/release.mjs`);
  writeFileSync(`${root}${file}`, content.replace(present, withVersion(text, version)));
}

/** `VERSION` as a word of its own in quotes or at the end: the name of the constant is another one. */
function withVersion(text, version) {
  return text.replace(/(?<=['\s])VERSION(?='|$)/, version);
}

/** Builds all artefacts into an empty folder, with the notices and the checksums of all. */
async function buildAll() {
  rmSync(out, { recursive: true, force: true });
  const files = await buildArtefacts(Object.keys(await loadArtefacts()), { out });
  copyFileSync(`${root}dist/THIRD-PARTY-NOTICES.md`, `${out}/THIRD-PARTY-NOTICES.md`);
  const sums = [...files, `${out}/THIRD-PARTY-NOTICES.md`].map((file) => {
    const sum = createHash('sha256').update(readFileSync(file)).digest('hex');
    return `${sum}  ${relative(out, file)}`;
  });
  writeFileSync(`${out}/SHA256SUMS`, `${sums.sort().join('\n')}\n`);
  for (const file of [...files, `${out}/SHA256SUMS`]) console.log(relative(root, file));
}

function git(...args) {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
}

function reportMissing() {
  const missing = missingFields(JSON.parse(readFileSync(`${root}package.json`, 'utf8')));
  for (const field of missing) console.log(`missing  ${field}`);
  console.log(
    missing.length === 0 ? 'nothing is missing' : 'docs/contributing/release.md says what each is for',
  );
  return missing.length === 0 ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { check: { type: 'boolean', default: false } },
  });
  const [version] = positionals;
  if (values.check) {
    process.exitCode = reportMissing();
  } else if (version === undefined) {
    console.error('usage: npm run release -- VERSION, or npm run release -- --check');
    process.exitCode = 2;
  } else {
    await release(version).catch((error) => {
      console.error(`not released: ${error.message}`);
      process.exitCode = 1;
    });
  }
}
