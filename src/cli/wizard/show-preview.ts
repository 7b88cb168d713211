import type { CommandContext } from '../context/context.ts';
import { itemTable } from '../render/item-table.ts';
import type { Prompter } from './prompter.ts';

/** Shows the first rows that a text takes from its page, and what is doubtful about them. */
export async function showPreview(context: CommandContext, prompter: Prompter, yaml: string): Promise<void> {
  prompter.info('Trying it …');
  const { signal } = context.interrupt;
  const result = await context.call('test_config', { yaml, sample_items: 5 }, { signal });
  context.printMessage(`\n${itemTable(result.sample, context.err)}\n`);
  prompter.info(`${result.items} rows on the first page`);
  for (const warning of result.warnings) prompter.warn(warning);
  if (result.error !== null)
    prompter.warn([result.error.message, result.error.hint].filter(Boolean).join('. '));
}
