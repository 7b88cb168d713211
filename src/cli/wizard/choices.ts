import type { FoundChoice, ProposalAnswer } from '../../core/config/scraper-questions.ts';
import { isName } from '../../core/job/id.ts';
import { OUTPUT_FORMATS, type OutputFormat } from '../../core/run/output-format.ts';
import type { CommandContext } from '../context.ts';
import type { Asker } from './asker.ts';
import { freeName } from './look-at.ts';
import { pagesOf, type WizardFlags } from './wizard-flags.ts';

type Field = FoundChoice['fields'][number];

/** Which of what repeats, which of its fields, and what they are called. */
export async function chooseRows(asker: Asker, { choices = [] }: ProposalAnswer): Promise<FoundChoice> {
  const [first, ...others] = choices;
  if (first === undefined) throw new TypeError('a page without rows');
  const chosen =
    others.length === 0
      ? first
      : await asker.choose(
          'What is one row?',
          choices.map((choice) => ({
            value: choice,
            label: `${choice.item} (${choice.rows} on the page)`,
            hint: choice.fields.map(({ name, sample }) => `${name}: ${short(sample, 20)}`).join(', '),
          })),
        );
  const kept = await asker.pick(
    'Which fields? (Space leaves one out)',
    chosen.fields.map((field) => ({ value: field, label: field.name, hint: short(field.sample, 40) })),
  );
  return { ...chosen, fields: await renamed(asker, kept) };
}

async function renamed(asker: Asker, fields: readonly Field[]): Promise<Field[]> {
  const named = fields.map((field) => ({ ...field }));
  for (;;) {
    const field = await asker.choose<Field | null>('Rename a field?', [
      { value: null, label: 'No, go on' },
      ...named.map((each) => ({ value: each, label: each.name, hint: short(each.sample, 40) })),
    ]);
    if (field === null) return named;
    field.name = await asker.text('Its new name?', field.name, (text) => {
      if (text === '') return 'A field needs a name';
      return named.some((other) => other !== field && other.name === text)
        ? 'Another field has this name'
        : undefined;
    });
  }
}

/** How many pages: a number, all (`null`), or only the first. */
export async function choosePages(
  asker: Asker,
  next: string,
  flags: WizardFlags,
): Promise<number | null | 'one'> {
  const most = pagesOf(flags);
  if (most !== undefined) return most;
  return asker.choose<number | null | 'one'>(`There are more pages behind ${next}. How many to read?`, [
    { value: 3, label: '3, to begin with' },
    { value: 20, label: '20 at most' },
    { value: null, label: 'all of them' },
    { value: 'one', label: 'this one only' },
  ]);
}

export function chooseFormat(asker: Asker): Promise<OutputFormat> {
  return asker.choose(
    'Which format?',
    OUTPUT_FORMATS.map((format) => ({ value: format, label: format })),
  );
}

/** A name; one that is taken only with a yes, and then over the version that was there at that moment. */
export async function chooseName(
  context: CommandContext,
  asker: Asker,
  url: string,
  flags: WizardFlags,
): Promise<{ name: string; ifRevision: string | undefined }> {
  const { configs } = await context.workspace();
  let proposed = flags.name ?? freeName(url, (name) => configs.has(name));
  for (;;) {
    const name = await asker.text('Name of the configuration?', proposed, (text) =>
      isName(text)
        ? undefined
        : '1 to 64 lower-case letters, digits, "-" and "_", with a letter or digit at both ends',
    );
    if (!configs.has(name)) return { name, ifRevision: undefined };
    const { revision } = configs.read(name);
    if (await asker.isWanted(`There is a configuration ${name} already. Replace it?`, false))
      return { name, ifRevision: revision };
    proposed = name;
  }
}

function short(text = '', most: number): string {
  const characters = Array.from(text);
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : text;
}
