import { fileURLToPath } from 'node:url';

/**
 * The bundled programs that one process of ours starts: the command, the process that carries a run, the one that
 * answers a question about a configuration, and the one that takes a snapshot of the database.
 */
export type Program = 'cli' | 'run' | 'config' | 'snapshot';

/**
 * The absolute path of a bundled program. All bundles and their chunks lie in one folder, so it is a sibling of
 * whatever file this code ended up in; run from the sources, it is in `dist/`.
 */
export function programFile(program: Program): string {
  return bundledFile(`${program}.js`);
}

/** The absolute path of a file of the build, which lies beside the programs. */
export function bundledFile(name: string): string {
  const folder = import.meta.url.endsWith('.ts') ? '../../../dist/' : './';
  return fileURLToPath(new URL(`${folder}${name}`, import.meta.url));
}
