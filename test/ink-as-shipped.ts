import { readFileSync } from 'node:fs';
import type { Plugin } from 'vitest/config';

const { withWholeCharacters } = (await import(new URL('../build/ink.mjs', import.meta.url).href)) as {
  withWholeCharacters: Plugin;
};

/** Ink and what draws with it in tests. */
export const INK = /node_modules\/ink(?:-testing-library)?\//;

/** What the bundle draws otherwise than Ink (build/ink.mjs), tests of the dashboard draw so, too. */
export const inkAsShipped: Plugin[] = [
  {
    name: 'ink-without-source-maps',
    // They name sources that the package does not have: a warning for each file.
    load: (id) =>
      INK.test(id) && id.endsWith('.js')
        ? readFileSync(id, 'utf8').replace(/^\/\/# sourceMappingURL=.*$/m, '')
        : null,
  },
  withWholeCharacters,
];
