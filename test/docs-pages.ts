import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Every page for readers, from the root of the project. */
export const PAGES: readonly string[] = [
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'bench/README.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
];

/** The pages for somebody who has a task: what a newcomer reads. */
export const GUIDES: readonly string[] = PAGES.filter(
  (page) =>
    /^docs\/(?:start|how-to|reference)\//.test(page) ||
    ['README.md', 'docs/README.md', 'CONTRIBUTING.md'].includes(page),
);

export function pageText(page: string): string {
  return readFileSync(join(ROOT, page), 'utf8');
}

/** The code blocks of a page in one of the languages, in order. */
export function codeBlocks(page: string, ...languages: string[]): string[] {
  return [...pageText(page).matchAll(/```(\w+)\n(.*?)```/gs)].flatMap(([, language = '', text = '']) =>
    languages.includes(language) ? [text] : [],
  );
}
