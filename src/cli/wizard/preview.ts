import type { CommandContext } from '../context.ts';
import { itemTable } from '../item-table.ts';
import type { Asker } from './asker.ts';

/** Shows the first rows that a text takes from its page, and what is doubtful about them. */
export async function showPreview(context: CommandContext, asker: Asker, yaml: string): Promise<void> {
  asker.tell('Trying it …');
  const { signal } = context.interrupt;
  const tried = await context.call('test_config', { yaml, sample_items: 5 }, { signal });
  context.say(`\n${itemTable(tried.sample, context.err)}\n`);
  asker.tell(`${tried.items} rows on the first page`);
  for (const warning of tried.warnings) asker.warn(warning);
  if (tried.error !== null) asker.warn([tried.error.message, tried.error.hint].filter(Boolean).join('. '));
}
