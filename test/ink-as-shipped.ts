import { readFileSync } from 'node:fs';
import type { Plugin } from 'vitest/config';

const { patches } = (await import(new URL('../build/bundle/patches.mjs', import.meta.url).href)) as {
  patches: Plugin;
};

/** Ink and what draws with it in tests. */
export const INK = /node_modules\/ink(?:-testing-library|-table)?\//;

/** Tests of the dashboard draw with the patches of the bundle (build/bundle/patches). */
export const inkAsShipped: Plugin[] = [
  {
    name: 'ink-without-source-maps',
    // They name sources that the package does not have: a warning for each file.
    load: (id) =>
      INK.test(id) && id.endsWith('.js')
        ? readFileSync(id, 'utf8').replace(/^\/\/# sourceMappingURL=.*$/m, '')
        : null,
  },
  patches,
];
