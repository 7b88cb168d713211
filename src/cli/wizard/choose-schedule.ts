import type { OperationInput } from '../../core/operations/call-operation.ts';
import type { CommandContext } from '../context/context.ts';
import type { Prompter } from './prompter.ts';

export type Schedule = OperationInput<'create_job'>['schedule'];

/** When a job should run it; `null` for no job. */
export async function chooseSchedule(context: CommandContext, prompter: Prompter): Promise<Schedule | null> {
  const kind = await prompter.choose('Run it by a schedule?', [
    { value: 'none', label: 'No, only when I say so' },
    { value: 'daily', label: 'Every day' },
    { value: 'hourly', label: 'Every hour' },
    { value: 'weekly', label: 'Every Monday' },
    { value: 'cron', label: 'By a cron expression' },
  ]);
  if (kind === 'none') return null;
  if (kind === 'hourly') return { type: 'hourly', minute: 0 };
  if (kind === 'cron') return chooseCron(context, prompter);
  const time = await prompter.text('At what time?', '09:00', (text) =>
    /^([01]\d|2[0-3]):[0-5]\d$/.test(text) ? undefined : 'Hours and minutes, such as 09:00',
  );
  return kind === 'daily' ? { type: 'daily', time } : { type: 'weekly', day_of_week: 0, time };
}

async function chooseCron(context: CommandContext, prompter: Prompter): Promise<Schedule> {
  for (;;) {
    const expression = await prompter.text('Which expression?', '0 9 * * 1-5', (text) =>
      text === '' ? 'Five fields, such as 0 9 * * 1-5' : undefined,
    );
    const schedule = { type: 'custom' as const, cron_expression: expression };
    try {
      const { description } = await context.call('preview_schedule', { schedule, count: 1 });
      prompter.info(description);
      return schedule;
    } catch (error) {
      prompter.warn((error as Error).message);
    }
  }
}
