// What the bundle leaves out of the packages that fetch and parse, for the time that a run takes to start: what is done stays
// the same.
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../package.json', import.meta.url));
const SLIM = '\0undici-slim';
const NO_H2 = '\0undici-without-h2';

/** All that src uses. undici's own index loads `fetch`, WebSocket, caches and mocks with it. */
const USED = `
import Agent from 'undici/lib/dispatcher/agent.js';
import buildConnector from 'undici/lib/core/connect.js';
import errors from 'undici/lib/core/errors.js';
export { Agent, buildConnector, errors };
`;
const slimUndici = {
  name: 'undici-slim',
  resolveId(id, importer) {
    if (id === 'undici') return SLIM;
    return importer === SLIM ? this.resolve(id, ROOT, { skipSelf: true }) : null;
  },
  load: (id) => (id === SLIM ? USED : null),
};

/** Only reached where `allowH2` is asked for; it loads Node's own HTTP/2. */
const withoutH2 = {
  name: 'undici-without-h2',
  resolveId: (id, importer) =>
    id === './client-h2.js' && /[\\/]undici[\\/]lib[\\/]/.test(importer ?? '') ? NO_H2 : null,
  load: (id) =>
    id === NO_H2
      ? {
          code: `module.exports = () => { throw new Error('HTTP/2 is no part of this program'); };`,
          moduleType: 'js',
        }
      : null,
};

/** cheerio as browsers have it: without fetching and streams of its own, for which it loads undici. */
const cheerioAlone = {
  name: 'cheerio-alone',
  resolveId(id) {
    if (id !== 'cheerio') return null;
    return fileURLToPath(new URL('../node_modules/cheerio/dist/browser/index.js', import.meta.url));
  },
};

export const fetchingPlugins = [slimUndici, withoutH2, cheerioAlone];
