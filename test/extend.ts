import { test } from 'vitest';
import { tempFolder } from './temp-folder.ts';

/**
 * `it` with the surroundings that most tests need. Each is made when a test names it, and removed after the test: what
 * was made last goes first, so that programs and schedulers end before their home does.
 */
export const it = test
  /** An empty folder for a home. */
  .extend('home', () => tempFolder())
  /** An empty folder for anything else. */
  .extend('folder', () => tempFolder())
  /** The workspace of `home`, as the library opens it. */
  .extend('workspace', async ({ home }) => {
    const { openTempWorkspace } = await import('./temp-workspace.ts');
    return openTempWorkspace({ home });
  })
  /** A page of one row, which the test holds back, refuses or lets through. */
  .extend('site', async () => {
    const { gatedSite } = await import('./gated-site.ts');
    return gatedSite();
  })
  /** Makes the home, with a job that scrapes `site` and schedulers in processes of their own. */
  .extend('homeWithJob', async ({ site, home }) => {
    const [{ gatedConfig }, { scheduledHome }] = await Promise.all([
      import('./gated-site.ts'),
      import('./scheduled-home.ts'),
    ]);
    return (job: Record<string, unknown>) => scheduledHome(gatedConfig(site.url), job, home);
  });
