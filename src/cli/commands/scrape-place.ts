import { join } from 'node:path';
import { isHome, isHomeNamed } from '../../core/fs/home-folder.ts';
import { type HomePaths, resolveHome } from '../../core/fs/paths.ts';
import { systemClock } from '../../core/lib/clock.ts';
import { Settings } from '../../core/settings/settings.ts';
import { openJobRows } from '../../scrape/addresses/home-job-rows.ts';
import type { AddressAccess } from '../../scrape/addresses/list-start-urls.ts';
import { ScrapeError } from '../../scrape/lib/scrape-error.ts';
import type { CommandContext } from '../context/context.ts';

/** What a configuration is run with: a home, or the current folder and the defaults of all settings. */
export interface ScrapePlace {
  paths: HomePaths;
  settings: Pick<Settings, 'get'>;
  /** Epoch milliseconds. */
  now: number;
  openJob(isWrittenByClient: boolean): NonNullable<AddressAccess['openJob']>;
}

/**
 * Opens the home, or does without one for a configuration in a file. No home is made. One that is named must exist.
 * @throws QuickscrapeError `home_not_found`
 */
export async function openScrapePlace(context: CommandContext, isFile: boolean): Promise<ScrapePlace> {
  const { home } = context.globals;
  const usual = resolveHome({ home });
  if (isFile && !isHomeNamed({ home }) && !isHome(usual)) return withoutHome(context, usual);
  const workspace = await context.workspace();
  const { paths, settings, clock } = workspace;
  return {
    paths,
    settings,
    now: clock.now(),
    openJob: (isWrittenByClient) => (job) => openJobRows(workspace, job, isWrittenByClient),
  };
}

function withoutHome(context: CommandContext, usual: HomePaths): ScrapePlace {
  return {
    paths: { ...usual, output: join(process.cwd(), 'output') },
    settings: new Settings(usual),
    now: systemClock.now(),
    openJob: () => async (job) => {
      throw new ScrapeError('config', `urls_from: there is no home, and so no job ${job.slice(0, 100)}`, {
        hint: `Make a home and the job: ${context.command('init')}.`,
      });
    },
  };
}
