import { randomBytes } from 'node:crypto';
import { ClientRevisions } from '../configs/client-revisions.ts';
import { ConfigEdits, type SavedConfig } from '../configs/config-edits.ts';
import type { CheckResponse } from '../configs/scraper-protocol.ts';
import { getWrittenValues, type KeptSecret } from '../configs/written-secrets.ts';
import { nodeFileSystem } from '../fs/atomic-file.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import type { Workspace } from '../workspace.ts';
import { checkAndReviewConfig, findNewAccess } from './check-config.ts';
import { revisionsFor, saysSecrets } from './concealment.ts';
import type { OperationContext } from './define-operation.ts';

type Warning = CheckResponse['warnings'][number];

interface TextToStore {
  yaml: string;
  /** Its input field. */
  field: string;
  /** Only problems that keep it from running are errors. */
  forRun: boolean;
  /** Changes to make in the text first. */
  changes?: Readonly<Record<string, unknown>> | undefined;
  /** The revision that the stored text must still have. */
  ifRevision?: string | undefined;
  /** The secrets of the stored text that it takes over; absent: all that both have. */
  kept?: readonly KeptSecret[] | undefined;
  isDryRun?: boolean;
}

/**
 * Checks a text, lets the caller review what it would reach beyond the stored one, and stores it. A text of a client that
 * fills in variables, or takes addresses from the rows of a job, is recorded as the client's.
 * @returns also the text that was stored: with the changes
 * @throws QuickscrapeError `invalid_config` with all issues; `conflict`; `not_allowed`; errors of `reviewConfig`
 */
export async function storeConfig(
  workspace: Workspace,
  name: string,
  { ifRevision, isDryRun = false, kept, ...text }: TextToStore,
  context: OperationContext,
): Promise<{ saved: SavedConfig; yaml: string; warnings: Warning[] }> {
  let variables: string[] = [];
  let needsBrowser = false;
  let readsJob = false;
  const source = { ...text, displayName: `${name}.yaml` };
  const { warnings, yaml } = await checkAndReviewConfig(workspace, source, context, (facts) => {
    // A call whose reach is reviewed comes from a client, not from the person.
    if (context.reviewConfig !== undefined) ({ variables, needsBrowser } = facts);
    readsJob = context.reviewConfig !== undefined && facts.addressJob !== null;
    return findNewAccess(facts, workspace, name, kept);
  });
  if (variables.length > 0 && needsBrowser) throw browserSecretsError(text.field);
  const edits = new ConfigEdits(workspace, nodeFileSystem, revisionsFor(workspace, context));
  // Of credentials that the client does not know, its selectors must see no part in a page that says them again.
  const isKeeping = context.reviewConfig !== undefined && kept !== undefined && kept.length > 0;
  const keepsWritten = isKeeping && Object.keys(getWrittenValues(yaml)).length > 0;
  const note = async () =>
    variables.length > 0 || keepsWritten || readsJob
      ? new ClientRevisions(workspace.paths).addText(yaml)
      : undefined;
  // The answer must not tell whether a guess is right: that the text is as it was, or its revision.
  const isForced = saysSecrets(yaml, kept, context);
  const saved = isDryRun
    ? edits.previewSave(name, yaml, ifRevision, isForced)
    : await edits.save(name, yaml, ifRevision, note, isForced);
  if (isDryRun && isForced) saved.revision = randomBytes(6).toString('hex');
  const isClients = saved.changed || new ClientRevisions(workspace.paths).hasText(yaml);
  if (variables.length > 0 && isClients) warnings.push(concealedWarning(variables));
  return { saved, yaml, warnings };
}

/** A browser evaluates selectors in the page itself, where secrets are visible. */
function browserSecretsError(field: string): QuickscrapeError {
  return new QuickscrapeError(
    'not_allowed',
    `${field}: a text that fills in variables and needs a browser can be saved only by the person`,
    {
      field,
      hint: 'In a browser, its selectors could read the values of the variables. Show the person the text, to save it with an editor.',
    },
  );
}

function concealedWarning(variables: readonly string[]): Warning {
  const names = variables.map((name) => `\${${name}}`);
  return {
    path: '',
    message: `runs of this text see ${names.join(', ')} in pages and links, and not what ${names.length === 1 ? 'it stands' : 'they stand'} for`,
    line: 1,
    column: 1,
    hint: 'This applies only to configurations that a program saved. Once the person has changed a value of it, its runs see pages as they are.',
  };
}
