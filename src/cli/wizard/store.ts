import type { CommandContext } from '../context.ts';
import { visibleText } from '../visible-text.ts';
import type { Asker } from './asker.ts';
import type { Schedule } from './choose-schedule.ts';

interface Chosen {
  name: string;
  yaml: string;
  /** Of the one that is replaced. */
  ifRevision: string | undefined;
  schedule: Schedule | null;
}

/** Stores what was chosen, and says what to do next. */
export async function store(
  context: CommandContext,
  asker: Asker,
  { name, yaml, ifRevision, schedule }: Chosen,
): Promise<undefined> {
  const { configs } = await context.workspace();
  // Somebody may have taken the name while we talked.
  if (ifRevision === undefined && configs.has(name)) {
    const { QuickscrapeError } = await import('../../core/errors.ts');
    throw new QuickscrapeError('conflict', `a configuration ${name} has been made meanwhile`, {
      hint: 'Run the wizard again with another --name.',
    });
  }
  const saved = await context.call('save_config', {
    config_name: name,
    yaml,
    ...(ifRevision !== undefined && { if_revision: ifRevision }),
  });
  asker.tell(`Saved ${visibleText(saved.file)}`);
  if (schedule === null) {
    asker.end(
      `Next: quickscrape scrape ${name}, or quickscrape job create --config ${name} --schedule daily --at 09:00`,
    );
    return undefined;
  }
  const { job, next_runs } = await context.call('create_job', { config_name: name, schedule });
  asker.tell(`Created job ${job.id}; next run ${next_runs[0] ?? 'never'}`);
  asker.end(`Next: quickscrape job run ${job.id}, or quickscrape scheduler start --daemon`);
  return undefined;
}
