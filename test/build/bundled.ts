import { join } from 'node:path';
import { type Plugin, rolldown } from 'rolldown';

interface LatePackage {
  names: string[];
  from: string;
}

/** What build/build.mjs takes from build/start-up.mjs. */
export const { startUpPlugins, writeLatePackages } = (await import(
  new URL('../../build/start-up.mjs', import.meta.url).href
)) as {
  startUpPlugins: Plugin[];
  writeLatePackages: (folder: string, late?: Record<string, LatePackage>) => Promise<void>;
};

/** The file of a module that is bundled into a folder as dist/ is. */
export async function bundled(code: string, folder: string): Promise<string> {
  const entry = {
    name: 'entry',
    resolveId: (id: string) => (id === 'entry' ? id : null),
    load: (id: string) => (id === 'entry' ? code : null),
  };
  const bundle = await rolldown({ input: 'entry', platform: 'node', plugins: [entry, ...startUpPlugins] });
  const file = join(folder, 'bundle.mjs');
  await bundle.write({ file, format: 'esm' });
  await bundle.close();
  return file;
}
