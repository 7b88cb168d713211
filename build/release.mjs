// Says what is missing before a first release: only an owner can fill it in (docs/contributing/release.md).
// Usage: npm run release -- --check
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = new URL('..', import.meta.url);

/** @returns each field that is missing, as `what: where to write it` */
export function missingFields(manifest, changelog) {
  const isUrl = (value) => typeof value === 'string' && URL.canParse(value);
  const fields = {
    'repository: its address in package.json': isUrl(urlOf(manifest.repository)),
    'bugs: the address for reports in package.json': isUrl(urlOf(manifest.bugs)),
    'homepage: an address in package.json': isUrl(manifest.homepage),
    'author: a name in package.json': Boolean(manifest.author?.name ?? manifest.author),
    'publishConfig: the registry that has the name, in package.json': isUrl(manifest.publishConfig?.registry),
    [`date: of ${manifest.version} in CHANGELOG.md`]: changelog.includes(`## ${manifest.version} - `),
  };
  return Object.keys(fields).filter((field) => !fields[field]);
}

function urlOf(value) {
  return value?.url ?? value;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { check } = parseArgs({ options: { check: { type: 'boolean', default: false } } }).values;
  if (!check) {
    console.error('usage: npm run release -- --check');
    process.exit(2);
  }
  const manifest = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
  const missing = missingFields(manifest, readFileSync(new URL('CHANGELOG.md', root), 'utf8'));
  for (const field of missing) console.log(`missing  ${field}`);
  console.log(
    missing.length === 0 ? 'nothing is missing' : 'docs/contributing/release.md says what each is for',
  );
  process.exitCode = missing.length === 0 ? 0 : 1;
}
