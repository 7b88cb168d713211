import { readdirSync, readFileSync } from 'node:fs';
import { needs } from './platform.ts';

/** The processes that have to do with a home, or that `parent` began, as command lines. Linux only. */
export function listPrograms(home: string, parent?: number): string[] {
  needs('linux');
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
        const ppid = Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[1]);
        return environment.includes(home) || ppid === parent ? [command] : [];
      } catch {
        // It has ended meanwhile, or is somebody else's.
        return [];
      }
    });
}
