import { openWorkspace } from '../../src/core/workspace.ts';
import { tempFolderInMemory } from '../temp-folder.ts';

const CONFIG = `name: shop
url: http://127.0.0.1:9/
selectors:
  title: { css: h1 }
`;

/** A home with so many jobs, `job-0000` and on; no scheduler, no runs. */
export async function homeWithJobs(
  count: number,
  fields: (index: number) => Record<string, unknown> = () => ({}),
): Promise<string> {
  const home = tempFolderInMemory();
  const workspace = openWorkspace({ home, actor: 'library' });
  try {
    await workspace.configs.write('shop', CONFIG);
    for (let index = 0; index < count; index += 1) {
      const id = `job-${String(index).padStart(4, '0')}`;
      const own = { config_name: 'shop', schedule: { type: 'daily', time: '09:00', timezone: 'UTC' } };
      await workspace.jobs.create({ id, fields: { ...own, ...fields(index) } }, 'library');
    }
  } finally {
    workspace.close();
  }
  return home;
}
