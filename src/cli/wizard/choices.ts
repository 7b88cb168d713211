import type { FoundChoice, ProposalResponse } from '../../core/configs/scraper-protocol.ts';
import { isName } from '../../core/model/job-id.ts';
import { OUTPUT_FORMATS, type OutputFormat } from '../../core/model/output-format.ts';
import type { CommandContext } from '../context/context.ts';
import { findFreeName } from './inspect-page.ts';
import type { Prompter } from './prompter.ts';
import { maxPagesFrom, type WizardFlags } from './wizard-flags.ts';

type Field = FoundChoice['fields'][number];

/** Which of what repeats, which of its fields, and what they are called. */
export async function chooseRows(
  prompter: Prompter,
  { choices = [] }: ProposalResponse,
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

/** How many pages: a number, all (`null`), or only the first. */
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

/** A name; one that is taken only with a yes, and then over the version that was there at that moment. */
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
