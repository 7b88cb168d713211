import { createHmac, randomBytes } from 'node:crypto';
import { ClientRevisions } from '../configs/client-revisions.ts';
import { revisionOf } from '../configs/config-store.ts';
import { type Environment, readHomeEnvironment } from '../configs/home-environment.ts';
import type { TestRequest } from '../configs/scraper-protocol.ts';
import {
  concealWrittenSecrets,
  findWrittenSecrets,
  getWrittenValues,
  type KeptSecret,
  WRITTEN_NAME,
} from '../configs/written-secrets.ts';
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
  const isClients = new ClientRevisions(workspace.paths).hasText(yaml);
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
export function findLostVariables(
  workspace: Workspace,
  pages: readonly SavedPage[],
  configName: string,
): string[] {
  const { env } = readKnownValues(workspace, configName);
  const lost = pages.flatMap((page) => findChanged(page, env).filter((name) => mayHold(page, name)));
  return [...new Set(lost)];
}

/** The values of variables, with those of the secrets that are written in a configuration, and its text. */
function readKnownValues(
  { paths, configs }: Workspace,
  configName: string | undefined,
): { env: Environment; yaml?: string; hasWritten?: boolean } {
  const { env } = readHomeEnvironment(paths);
  if (configName === undefined || !configs.has(configName)) return { env };
  try {
    const { yaml } = configs.read(configName);
    const written = getWrittenValues(yaml);
    return { env: { ...env, ...written }, yaml, hasWritten: Object.keys(written).length > 0 };
  } catch {
    return { env };
  }
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
  const name = runId === undefined ? undefined : findRun(workspace, runId).configName;
  const { env, yaml, hasWritten } = readKnownValues(workspace, name);
  const recordedVariables = savedPages.map((page) => {
    const changed = findChanged(page, env);
    const isKnown = (variable: string) => !changed.includes(variable) && !variable.startsWith(WRITTEN_NAME);
    return page.variables?.filter((variable) => mayHold(page, variable) || isKnown(variable));
  });
  const fetchedBy = yaml === undefined ? {} : { fetched_by: yaml };
  if (savedPages.length === 0 || recordedVariables.includes(undefined)) return fetchedBy;
  return {
    ...(hasWritten && fetchedBy),
    variables: [...new Set(recordedVariables.flatMap((names) => names ?? []))],
    lost: name === undefined ? [] : findLostVariables(workspace, savedPages, name),
  };
}
