import { createHmac, randomBytes } from 'node:crypto';
import { ClientRevisions } from '../configs/client-revisions.ts';
import { revisionOf } from '../configs/config-store.ts';
import { type Environment, readHomeEnvironment } from '../configs/home-environment.ts';
import type { TestRequest } from '../configs/scraper-protocol.ts';
import { concealWrittenSecrets, findWrittenSecrets, type KeptSecret } from '../configs/written-secrets.ts';
import { checkRunVariables, folderOfPage } from '../runs/run-variables.ts';
import type { SavedPage } from '../runs/saved-pages.ts';
import type { Workspace } from '../workspace.ts';
import type { OperationContext } from './define-operation.ts';
import { findRun } from './find-or-throw.ts';

/**
 * The text of a configuration as an answer shows it: for a client, without the passwords that the person wrote into it.
 * A call whose reach is reviewed comes from a client.
 */
export function showText(yaml: string, { reviewConfig }: Pick<OperationContext, 'reviewConfig'>): string {
  return reviewConfig === undefined ? yaml : concealWrittenSecrets(yaml);
}

/** Of this process, which a client does not know. */
const KEY = randomBytes(32);

/**
 * Returns what makes the revisions that a caller sees. A client knows all of a text but its written secrets, and could
 * find these by the revision of the whole text. For such texts it depends on a random key, and on the file, so that the
 * same text saved again has another one: saving a guess tells nothing. It is another one in each process.
 */
export function revisionsFor(
  { configs }: Pick<Workspace, 'configs'>,
  { reviewConfig }: Pick<OperationContext, 'reviewConfig'>,
): (name: string, yaml: string) => string {
  return (name, yaml) => {
    if (reviewConfig === undefined || findWrittenSecrets(yaml).length === 0) return revisionOf(yaml);
    const seen = JSON.stringify([name, yaml, configs.stamp(name)]);
    return createHmac('sha256', KEY).update(seen).digest('hex').slice(0, 12);
  };
}

/** Whether a client says secrets in a text itself, which may be right guesses of stored ones. */
export function saysSecrets(
  yaml: string,
  kept: readonly KeptSecret[] | undefined,
  { reviewConfig }: Pick<OperationContext, 'reviewConfig'>,
): boolean {
  return reviewConfig !== undefined && kept !== undefined && findWrittenSecrets(yaml).length > kept.length;
}

/** A configuration, or pages of a run, that are shown to a caller. */
export interface ShownText {
  configName: string | null;
  yaml: string;
  runId: string | undefined;
  savedPages: readonly SavedPage[] | undefined;
  /** The secrets that the text takes over from the stored one. */
  kept?: readonly KeptSecret[] | undefined;
}

/**
 * Decides which values the answer must not contain. A call whose reach is reviewed comes from a client, not from the
 * person. A client's text that a person tests reaches what its runs reach.
 */
export function concealOptions(
  workspace: Workspace,
  { reviewConfig }: OperationContext,
  { configName, yaml, runId, savedPages, kept }: ShownText,
): Pick<TestRequest, 'conceal'> {
  const isClients = new ClientRevisions(workspace.paths).has(revisionOf(yaml));
  if (reviewConfig === undefined)
    return isClients && savedPages === undefined ? { conceal: { is_told: true } } : {};
  const isGuess = saysSecrets(yaml, kept, { reviewConfig });
  const is_persons = !isClients && !isGuess && isStored(workspace, configName, yaml);
  return { conceal: { ...concealedValues(workspace, runId, savedPages), is_persons } };
}

function isStored({ configs }: Workspace, name: string | null, yaml: string): boolean {
  try {
    return name !== null && configs.has(name) && configs.read(name).yaml === yaml;
  } catch {
    return false;
  }
}

/** The variables that were filled in to fetch pages, and whose values these may hold and are not known here any more. */
export function findLostVariables(workspace: Workspace, pages: readonly SavedPage[]): string[] {
  const { env } = readHomeEnvironment(workspace.paths);
  const lost = pages.flatMap((page) => findChanged(page, env).filter((name) => mayHold(page, name)));
  return [...new Set(lost)];
}

/** The variables of a page whose values have changed since. */
function findChanged(page: SavedPage, env: Environment): string[] {
  return checkRunVariables({ folder: folderOfPage(page) }, env)?.changed ?? [];
}

/** Pages of earlier versions do not say which values they hold. */
function mayHold({ held }: SavedPage, name: string): boolean {
  return held === undefined || held.includes(name);
}

/**
 * The variables whose values the client must not see. For saved pages, these are the recorded variables, else those of
 * the configuration that fetched them.
 */
function concealedValues(
  workspace: Workspace,
  runId: string | undefined,
  savedPages: readonly SavedPage[] = [],
): NonNullable<TestRequest['conceal']> {
  const { env } = readHomeEnvironment(workspace.paths);
  const recordedVariables = savedPages.map((page) => {
    const changed = findChanged(page, env);
    return page.variables?.filter((name) => mayHold(page, name) || !changed.includes(name));
  });
  if (savedPages.length > 0 && !recordedVariables.includes(undefined))
    return {
      variables: [...new Set(recordedVariables.flatMap((names) => names ?? []))],
      lost: findLostVariables(workspace, savedPages),
    };
  const name = runId === undefined ? undefined : findRun(workspace, runId).configName;
  if (name === undefined || !workspace.configs.has(name)) return {};
  try {
    return { fetched_by: workspace.configs.read(name).yaml };
  } catch {
    return {};
  }
}
