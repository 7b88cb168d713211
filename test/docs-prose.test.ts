import { expect, it } from 'vitest';
import { GUIDES, pageText } from './docs-pages.ts';

const LONGEST = 32;

/** The sentences of a page: no code blocks, no addresses of links; a cell of a table and a point of a list end one. */
function sentences(page: string): string[] {
  // The promises are those of the requirement manifest, word by word.
  const prose = pageText(page)
    .replaceAll(/```.*?```/gs, '')
    .replace(/^## Promises\n.*?(?=^## )/ms, '')
    .replaceAll(/\]\([^)]*\)/g, ']')
    .replaceAll(/`[^`]*`/g, 'code');
  return prose
    .split(/\n\s*\n|\n(?=[-|#]|\d+\. )|[|]|[.:;?!)](?=\s)/)
    .map((text) => text.replaceAll(/\s+/g, ' ').trim());
}

/** Pages that moved and are not reworded yet. */
const EARLIER = /reference\/(?!job-file|settings)|how-to\/(?:assistants|troubleshooting)/;

it.each(GUIDES.filter((page) => !EARLIER.test(page)))(
  '%s has no sentence that is too long to be read once',
  (page) => {
    expect(sentences(page).filter((text) => text.split(' ').length > LONGEST)).toEqual([]);
  },
);
