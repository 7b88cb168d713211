import { type DraftChoices, newConfigText } from '../../core/configs/new-config.ts';
import { ADDRESS_EXAMPLE, readTypedAddress } from '../../core/configs/typed-address.ts';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import { sanitizeText } from '../../core/lib/sanitize-text.ts';
import { capitalized, pluralize, withHint } from '../../core/lib/text.ts';
import { type CommandContext, canPrompt } from '../context/context.ts';
import { EXIT } from '../context/exit-codes.ts';
import { itemTable } from '../render/table.ts';
import {
  chooseFormat,
  chooseName,
  choosePages,
  chooseRows,
  chooseSchedule,
  type Schedule,
} from './choices.ts';
import type { Prompter } from './prompter.ts';
import {
  checkWizardFlags,
  inspectPage,
  invalidArguments,
  noRowsError,
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
      throw invalidArguments('an address is needed with --yes', context.command('wizard https://… --yes'));
    const read = readTypedAddress(url);
    if (!('url' in read)) throw invalidArguments(read.problem, read.hint);
    return saveBestSuggestion(context, read.url, flags);
  }
  if (!canPrompt(context)) {
    throw invalidArguments(
      'the wizard asks questions, and there is no terminal to ask them on',
      `Without questions, the best proposal: ${context.command(`wizard ${url ?? 'https://…'} --yes [--name NAME] [--json]`)}`,
    );
  }
  const { Prompter, PromptCancelled } = await import('./prompter.ts');
  try {
    return await runWizardSession(context, new Prompter(context.interrupt.signal), url, flags);
  } catch (error) {
    if (!(error instanceof PromptCancelled) && context.interrupt.code === undefined) throw error;
    context.printMessage('Cancelled: nothing was saved.');
    return context.interrupt.code ?? EXIT.interrupted;
  }
}

/** Runs the whole dialogue; nothing is saved before the last question. @returns the exit code, when it is not 0 */
async function runWizardSession(
  context: CommandContext,
  prompter: Prompter,
  initialUrl: string | undefined,
  flags: WizardFlags,
): Promise<number | undefined> {
  prompter.begin('A configuration from a page');
  const { url, found, backend } = await readPage(context, prompter, initialUrl);
  const chosen = await chooseRows(prompter, found);
  const maxPages = found.next === null ? undefined : await choosePages(prompter, found.next, flags);
  const proposal = {
    ...chosen,
    next: maxPages === 'one' ? null : found.next,
    pagination: found.pagination,
  };
  const draft: DraftChoices = { backend, maxPages: maxPages === 'one' ? undefined : maxPages };
  await showPreview(context, prompter, newConfigText(url, 'preview', proposal, draft));
  draft.format = flags.outputFormat ?? (await chooseFormat(prompter));
  const { name, ifRevision } = await chooseName(context, prompter, url, flags);
  const schedule = await chooseSchedule(context, prompter);
  const yaml = newConfigText(url, name, proposal, draft);
  const what = schedule === null ? `Save the configuration ${name}` : `Save ${name} and create its job`;
  if (!(await prompter.confirm(`${what}?`, true))) {
    prompter.end('Nothing was saved.');
    return 1;
  }
  return saveChoices(context, prompter, { name, yaml, ifRevision, schedule });
}

/** Asks for an address until its page can be read and has repeating elements. The field keeps the last input. */
async function readPage(context: CommandContext, prompter: Prompter, initialUrl: string | undefined) {
  let typed = initialUrl ?? '';
  for (let isAsked = initialUrl === undefined; ; isAsked = true) {
    if (isAsked) typed = await prompter.text('Which page?', typed, addressProblem, ADDRESS_EXAMPLE);
    const read = readTypedAddress(typed);
    if (!('url' in read)) {
      prompter.warn(addressProblem(typed) ?? '');
      continue;
    }
    const { url } = read;
    prompter.info(`Reading ${sanitizeText(url)} …`);
    try {
      const found = await inspectPage(context, url);
      if (found.item !== null) return { url, found, backend: undefined };
      const { message, hint = '' } = noRowsError(url, null);
      prompter.warn(
        found.scripts ? `${message} as the server sends it, and ${found.scripts}.` : `${message}. ${hint}`,
      );
      if (found.scripts && (await prompter.confirm('Look again with a browser (backend: browser)?', true))) {
        const rendered = await inspectPage(context, url, 'browser');
        if (rendered.item !== null) return { url, found: rendered, backend: 'browser' as const };
        prompter.warn('No repeating elements found there either.');
      }
    } catch (error) {
      if (!(error instanceof QuickscrapeError) || context.interrupt.code !== undefined) throw error;
      prompter.warn([error.message, error.hint].filter(Boolean).join('. '));
    }
  }
}

function addressProblem(text: string): string | undefined {
  const read = readTypedAddress(text);
  return 'url' in read ? undefined : withHint(capitalized(read.problem), read.hint);
}

/** Shows the first rows that a configuration extracts from its page, and their warnings. */
async function showPreview(context: CommandContext, prompter: Prompter, yaml: string): Promise<void> {
  prompter.info('Trying it …');
  const { signal } = context.interrupt;
  const result = await context.call('test_config', { yaml, sample_items: 5 }, { signal });
  context.printMessage(`\n${itemTable(result.sample, context.err)}\n`);
  prompter.info(`${pluralize(result.items, 'row')} on the first page`);
  for (const warning of result.warnings) prompter.warn(warning);
  if (result.error !== null)
    prompter.warn([result.error.message, result.error.hint].filter(Boolean).join('. '));
}

interface WizardChoices {
  name: string;
  yaml: string;
  /** The revision of the configuration to replace. */
  ifRevision: string | undefined;
  schedule: Schedule | null;
}

/** Saves the choices, and prints the next steps. */
async function saveChoices(
  context: CommandContext,
  prompter: Prompter,
  { name, yaml, ifRevision, schedule }: WizardChoices,
): Promise<undefined> {
  const { configs } = await context.workspace();
  // Another process may have taken the name during the questions.
  if (ifRevision === undefined && configs.has(name)) {
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
      nextCommands(
        context.command(`scrape ${name}`),
        context.command(`job create --config ${name} --schedule daily --at 09:00`),
      ),
    );
    return undefined;
  }
  const { job, next_runs } = await context.call('create_job', { config_name: name, schedule });
  prompter.info(`Created job ${job.id}; next run ${next_runs[0] ?? 'never'}`);
  prompter.end(
    nextCommands(context.command(`job run ${job.id}`), context.command('scheduler start --daemon')),
  );
  return undefined;
}

/** Two commands to choose from, each on its own line, so that it can be copied. */
function nextCommands(first: string, second: string): string {
  return `Next, run one of these:\n   ${first}\n   ${second}`;
}
