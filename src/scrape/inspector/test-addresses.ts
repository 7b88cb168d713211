import type { HomePaths } from '../../core/fs/paths.ts';
import type { AddressAccess } from '../addresses/list-start-urls.ts';

/**
 * Lets a test run take addresses from the files and the jobs of a home. All of them count as new.
 * @param isClients whether the answer goes to a client, or a program wrote the configuration
 */
export function createTestAccess(paths: HomePaths, isClients: boolean): AddressAccess {
  return {
    folders: { folder: paths.configs, paths },
    async openJob(job) {
      // Loaded only when needed: most configurations need no database.
      const [{ openWorkspace }, { openJobRows }] = await Promise.all([
        import('../../core/workspace.ts'),
        import('../addresses/home-job-rows.ts'),
      ]);
      const workspace = openWorkspace({ home: paths.home, actor: 'library', asItIs: true });
      try {
        return await openJobRows(workspace, job, isClients);
      } finally {
        workspace.close();
      }
    },
  };
}
