import { type DraftChoices, skeletonFor } from '../../core/configs/skeleton.ts';
import { ADDRESS_EXAMPLE, readTypedAddress } from '../../core/configs/typed-address.ts';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import { sanitizeText } from '../../core/lib/terminal-text.ts';
import { capitalized, withHint } from '../../tui/ui/text/sentence.ts';
import type { CommandContext } from '../context/context.ts';
import { chooseFormat, chooseName, choosePages, chooseRows } from './choices.ts';
import { chooseSchedule } from './choose-schedule.ts';
import { inspectPage } from './inspect-page.ts';
import type { Prompter } from './prompter.ts';
import { noRowsError } from './save-best-suggestion.ts';
import { saveChoices } from './save-choices.ts';
import { showPreview } from './show-preview.ts';
import type { WizardFlags } from './wizard-flags.ts';

/**
 * The whole conversation; stores nothing before its last question.
 * @returns the exit code, when it is not 0
 */
export async function runWizardSession(
  context: CommandContext,
  prompter: Prompter,
  initialUrl: string | undefined,
  flags: WizardFlags,
): Promise<number | undefined> {
  prompter.begin('A configuration from a page');
  const { url, found, backend } = await readPage(context, prompter, initialUrl);
  const chosen = await chooseRows(prompter, found);
  const maxPages = found.next === null ? undefined : await choosePages(prompter, found.next, flags);
  const proposal = { ...chosen, next: maxPages === 'one' ? null : found.next };
  const draft: DraftChoices = { backend, maxPages: maxPages === 'one' ? undefined : maxPages };
  await showPreview(context, prompter, skeletonFor(url, 'preview', proposal, draft));
  draft.format = flags.outputFormat ?? (await chooseFormat(prompter));
  const { name, ifRevision } = await chooseName(context, prompter, url, flags);
  const schedule = await chooseSchedule(context, prompter);
  const yaml = skeletonFor(url, name, proposal, draft);
  const what = schedule === null ? `Save the configuration ${name}` : `Save ${name} and create its job`;
  if (!(await prompter.confirm(`${what}?`, true))) {
    prompter.end('Nothing was stored.');
    return 1;
  }
  return saveChoices(context, prompter, { name, yaml, ifRevision, schedule });
}

/** Asks for an address until its page can be read and something repeats on it; what was typed stays in the field. */
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
        prompter.warn('Nothing repeats there either.');
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
