import { fileURLToPath } from 'node:url';

/** Set by the build (build/build.mjs); undefined when the sources run directly. */
declare const QUICKSCRAPE_BUILD: string | undefined;
declare const QUICKSCRAPE_HOMEPAGE: string | undefined;

/** The package's name in the npm registry. Its command is `quickscrape`; the package of that name is another program. */
export const PACKAGE_NAME = 'quickscrape-jobs';

/** The package's version. It is a constant, so that the bundle needs no package.json; a test keeps them equal. */
export const VERSION = '0.1.0';

/**
 * The identity of this build: the version and a hash of its sources, such as `0.1.0+1f0c9a2b`. Two different builds of
 * one version have different identities; the same sources always have the same one.
 */
export const BUILD = `${VERSION}+${typeof QUICKSCRAPE_BUILD === 'string' ? QUICKSCRAPE_BUILD : 'sources'}`;

/** The address of the project, if package.json has one. */
export const HOMEPAGE = (typeof QUICKSCRAPE_HOMEPAGE === 'string' && QUICKSCRAPE_HOMEPAGE) || undefined;

/**
 * The bundled programs: the command, the worker that executes runs, the one that inspects configurations, the one that
 * takes a snapshot of the database, the one that sends messages. `items` is a thread that reads
 * the items of runs. `workers` is a module that is loaded for workers on other machines.
 */
export type Program = 'cli' | 'worker' | 'config' | 'snapshot' | 'messenger' | 'items' | 'workers';

/**
 * Returns the absolute path of a bundled program. All bundles and their chunks are in one folder, so the program is
 * beside the file that contains this code. When run from the sources, it is in `dist/`.
 */
export function programFile(program: Program): string {
  return bundledFile(`${program}.js`);
}

/** Returns the absolute path of a file of the build, in the folder of the programs. */
export function bundledFile(name: string): string {
  const folder = import.meta.url.endsWith('.ts') ? '../../../dist/' : './';
  return fileURLToPath(new URL(`${folder}${name}`, import.meta.url));
}
