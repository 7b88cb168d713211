import { readTypedAddress } from '../../core/configs/typed-address.ts';
import { type CommandContext, canPrompt } from '../context/context.ts';
import { EXIT } from '../context/exit-codes.ts';
import {
  checkWizardFlags,
  invalidArguments,
  saveBestSuggestion,
  type WizardFlags,
} from './save-suggestion.ts';

/** Creates a configuration from a page: the user chooses or, with `--yes`, the best suggestion is used. */
export async function runWizard(
  context: CommandContext,
  url: string | undefined,
  flags: WizardFlags,
): Promise<number | undefined> {
  checkWizardFlags(flags);
  await context.workspace('make_usual');
  if (flags.yes === true) {
    if (url === undefined)
      throw invalidArguments('an address is needed with --yes', 'quickscrape wizard https://… --yes');
    const read = readTypedAddress(url);
    if (!('url' in read)) throw invalidArguments(read.problem, read.hint);
    return saveBestSuggestion(context, read.url, flags);
  }
  if (!canPrompt(context)) {
    throw invalidArguments(
      'the wizard asks questions, and there is no terminal to ask them on',
      `Without questions, the best proposal: quickscrape wizard ${url ?? 'https://…'} --yes [--name NAME] [--json]`,
    );
  }
  const [{ Prompter, PromptCancelled }, { runWizardSession }] = await Promise.all([
    import('./prompter.ts'),
    import('./wizard-session.ts'),
  ]);
  try {
    return await runWizardSession(context, new Prompter(context.interrupt.signal), url, flags);
  } catch (error) {
    if (!(error instanceof PromptCancelled) && context.interrupt.code === undefined) throw error;
    context.printMessage('Called off: nothing was stored.');
    return context.interrupt.code ?? EXIT.interrupted;
  }
}
