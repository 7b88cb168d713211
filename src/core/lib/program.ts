import { fileURLToPath } from 'node:url';

/**
 * The bundled programs: the command, the process that executes a run, the one that inspects configurations, and the
 * one that takes a snapshot of the database.
 */
export type Program = 'cli' | 'run' | 'config' | 'snapshot';

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
