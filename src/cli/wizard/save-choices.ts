import { sanitizeText } from '../../core/lib/terminal-text.ts';
import type { CommandContext } from '../context/context.ts';
import type { Schedule } from './choose-schedule.ts';
import type { Prompter } from './prompter.ts';

interface WizardChoices {
  name: string;
  yaml: string;
  /** Of the one that is replaced. */
  ifRevision: string | undefined;
  schedule: Schedule | null;
}

/** Stores what was chosen, and says what to do next. */
export async function saveChoices(
  context: CommandContext,
  prompter: Prompter,
  { name, yaml, ifRevision, schedule }: WizardChoices,
): Promise<undefined> {
  const { configs } = await context.workspace();
  // Somebody may have taken the name while we talked.
  if (ifRevision === undefined && configs.has(name)) {
    const { QuickscrapeError } = await import('../../core/lib/errors.ts');
    throw new QuickscrapeError('conflict', `a configuration ${name} has been made meanwhile`, {
      hint: 'Run the wizard again with another --name.',
    });
  }
  const saved = await context.call('save_config', {
    config_name: name,
    yaml,
    ...(ifRevision !== undefined && { if_revision: ifRevision }),
  });
  prompter.info(`Saved ${sanitizeText(saved.file)}`);
  if (schedule === null) {
    prompter.end(
      `Next: quickscrape scrape ${name}, or quickscrape job create --config ${name} --schedule daily --at 09:00`,
    );
    return undefined;
  }
  const { job, next_runs } = await context.call('create_job', { config_name: name, schedule });
  prompter.info(`Created job ${job.id}; next run ${next_runs[0] ?? 'never'}`);
  prompter.end(`Next: quickscrape job run ${job.id}, or quickscrape scheduler start --daemon`);
  return undefined;
}
