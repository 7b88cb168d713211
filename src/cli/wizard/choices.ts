import type { FoundChoice, SuggestResponse } from '../../core/configs/suggest-response.ts';
import { isName } from '../../core/model/ids.ts';
import { OUTPUT_FORMATS, type OutputFormat } from '../../core/model/output-format.ts';
import type { OperationInput } from '../../core/operations/call-operation.ts';
import type { CommandContext } from '../context/context.ts';
import type { Prompter } from './prompter.ts';
import { findFreeName, maxPagesFrom, type WizardFlags } from './save-suggestion.ts';

export type Schedule = OperationInput<'create_job'>['schedule'];

/** Asks when a job should run the configuration; `null` for no job. */
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

type Field = FoundChoice['fields'][number];

/** Asks for one of the repeating elements, for its fields, and for their names. */
export async function chooseRows(
  prompter: Prompter,
  { choices = [] }: SuggestResponse,
): Promise<FoundChoice> {
  const [first, ...others] = choices;
  if (first === undefined) throw new TypeError('a page without rows');
  const chosen =
    others.length === 0
      ? first
      : await prompter.choose(
          'What is one row?',
          choices.map((choice) => ({
            value: choice,
            label: `${choice.item} (${choice.rows} on the page)`,
            hint: choice.fields.map(({ name, sample }) => `${name}: ${truncate(sample, 20)}`).join(', '),
          })),
        );
  const kept = await prompter.pick(
    'Which fields? (Space leaves one out)',
    chosen.fields.map((field) => ({ value: field, label: field.name, hint: truncate(field.sample, 40) })),
  );
  return { ...chosen, fields: await renameFields(prompter, kept) };
}

async function renameFields(prompter: Prompter, fields: readonly Field[]): Promise<Field[]> {
  const renamedFields = fields.map((field) => ({ ...field }));
  for (;;) {
    const field = await prompter.choose<Field | null>('Rename a field?', [
      { value: null, label: 'No, go on' },
      ...renamedFields.map((each) => ({ value: each, label: each.name, hint: truncate(each.sample, 40) })),
    ]);
    if (field === null) return renamedFields;
    field.name = await prompter.text('Its new name?', field.name, (text) => {
      if (text === '') return 'A field needs a name';
      return renamedFields.some((other) => other !== field && other.name === text)
        ? 'Another field has this name'
        : undefined;
    });
  }
}

/** Asks how many pages to scrape: a number, all (`null`), or only the first. */
export async function choosePages(
  prompter: Prompter,
  next: string,
  flags: WizardFlags,
): Promise<number | null | 'one'> {
  const maxPages = maxPagesFrom(flags);
  if (maxPages !== undefined) return maxPages;
  return prompter.choose<number | null | 'one'>(`There are more pages behind ${next}. How many to read?`, [
    { value: 3, label: '3, to begin with' },
    { value: 20, label: '20 at most' },
    { value: null, label: 'all of them' },
    { value: 'one', label: 'this one only' },
  ]);
}

export function chooseFormat(prompter: Prompter): Promise<OutputFormat> {
  return prompter.choose(
    'Which format?',
    OUTPUT_FORMATS.map((format) => ({ value: format, label: format })),
  );
}

/** Asks for a name. A taken one needs a yes, which covers only the version that exists at that moment. */
export async function chooseName(
  context: CommandContext,
  prompter: Prompter,
  url: string,
  flags: WizardFlags,
): Promise<{ name: string; ifRevision: string | undefined }> {
  const { configs } = await context.workspace();
  let proposed = flags.name ?? findFreeName(url, (name) => configs.has(name));
  for (;;) {
    const name = await prompter.text('Name of the configuration?', proposed, (text) =>
      isName(text)
        ? undefined
        : '1 to 64 lower-case letters, digits, "-" and "_", with a letter or digit at both ends',
    );
    if (!configs.has(name)) return { name, ifRevision: undefined };
    const { revision } = configs.read(name);
    if (await prompter.confirm(`There is a configuration ${name} already. Replace it?`, false))
      return { name, ifRevision: revision };
    proposed = name;
  }
}

function truncate(text = '', maxPages: number): string {
  const characters = Array.from(text);
  return characters.length > maxPages ? `${characters.slice(0, maxPages - 1).join('')}…` : text;
}
