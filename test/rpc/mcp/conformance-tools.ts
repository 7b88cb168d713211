import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

function inPackage(path: string): string {
  return fileURLToPath(new URL(`../../conformance/${path}`, import.meta.url));
}

const MODULES = 'node_modules/@modelcontextprotocol';

/** Arguments for Node that start the conformance suite, which needs a function that Node 20 has not. */
export const SUITE = [
  '--import',
  new URL('../../conformance/node-20/hooks.mjs', import.meta.url).href,
  inPackage(`${MODULES}/conformance/dist/index.js`),
];

/** Argument for Node that starts the Inspector. */
export const INSPECTOR = inPackage(`${MODULES}/inspector/clients/launcher/build/index.js`);

/** Whether `npm ci --prefix test/conformance --ignore-scripts` was done, as `.ci/run` does. */
export const hasConformanceTools = existsSync(inPackage(`${MODULES}/conformance`)) && existsSync(INSPECTOR);
