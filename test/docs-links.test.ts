import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const docs = readdirSync(join(root, 'docs')).filter((file) => /\.(md|svg)$/.test(file));
const pages = ['README.md', 'CHANGELOG.md', ...docs.map((file) => `docs/${file}`)];

/** The anchors of a page, as the usual renderers make them from its titles. */
function anchors(page: string): string[] {
  return [...readFileSync(page, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
    (title ?? '')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe('the documentation', () => {
  it.each(pages)('%s links only to what is there', (page) => {
    const text = readFileSync(join(root, page), 'utf8');
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link ?? '');
    for (const link of links.filter((target) => !/^[a-z]+:/.test(target))) {
      const [path, anchor] = link.split('#');
      const file = path === '' || path === undefined ? join(root, page) : join(root, dirname(page), path);
      expect(existsSync(file), link).toBe(true);
      if (anchor !== undefined) expect(anchors(file), link).toContain(anchor);
    }
  });
});
