import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const LICENCE_FILE = /^(licen[cs]e|copying|notice|thirdpartynotices)/i;

/** @returns the folders of the packages that have modules in the chunks of a bundle */
export function packagesIn(output) {
  const ids = output
    .flatMap((chunk) => Object.entries(chunk.modules ?? {}))
    .filter(([, { renderedLength }]) => renderedLength > 0)
    .map(([id]) => id.replaceAll('\\', '/'));
  const folders = ids.flatMap((id) => id.match(/^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/) ?? []);
  return [...new Set(folders)];
}

/**
 * Writes the licences of packages whose code is in the bundle.
 * @throws when a package has no licence that may be passed on
 */
export async function writeNotices(folders, file) {
  const notices = new Map(folders.map(noticeOf).map((notice) => [notice.title, notice]));
  const sections = [...notices.values()]
    .sort((one, other) => (one.title < other.title ? -1 : 1))
    .map(section);
  const head =
    '# Third-party notices\n\nThe programs of QuickScrape Jobs contain code of these packages, under these licences.\n';
  await writeFile(file, [head, ...sections].join('\n'));
}

/** The licence of a package by its own files, or by the standard text that its manifest names. */
export function noticeOf(folder) {
  const { name, version, license, homepage, author } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  );
  const title = `${name} ${version}`;
  const files = [
    ...readdirSync(folder).filter((entry) => LICENCE_FILE.test(entry)),
    ...licencesWithin(folder),
  ];
  const texts = files.sort().map((entry) => readFileSync(join(folder, entry), 'utf8').trim());
  if (texts.length > 0) return { title, license: license ?? 'as follows', homepage, texts };
  const standard = new URL(`licences/${license}.txt`, import.meta.url);
  if (!existsSync(standard))
    throw new Error(
      `${title} has neither a file with its licence nor one that build/bundle/licences has a text of: ${license}`,
    );
  const holder = author?.name ?? author ?? `the authors of ${name}`;
  return {
    title,
    license,
    homepage,
    texts: [`Copyright (c) ${holder}\n\n${readFileSync(standard, 'utf8').trim()}`],
  };
}

/** A package that is a bundle itself has the licences of its parts beside them. */
function licencesWithin(folder) {
  const lib = join(folder, 'lib');
  if (!existsSync(lib)) return [];
  return readdirSync(lib)
    .filter((entry) => entry.endsWith('.LICENSE'))
    .map((entry) => join('lib', entry));
}

function section({ title, license, homepage, texts }) {
  const fenced = texts.map((text) => `\`\`\`\`text\n${text}\n\`\`\`\`\n`);
  return [`## ${title}\n`, `Licence: ${license}${homepage ? `, ${homepage}` : ''}\n`, ...fenced].join('\n');
}
