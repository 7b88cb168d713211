import { addedAccess, type ConfigAccess } from '../configs/config-access.ts';
import type { CheckResponse } from '../configs/scraper-protocol.ts';
import { findWrittenSecrets, type KeptSecret } from '../configs/written-secrets.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { late } from '../lib/late-modules.ts';
import type { Workspace } from '../workspace.ts';
import type { OperationContext } from './define-operation.ts';

const loadScraperClient = late(() => import('../configs/scraper-client.ts'));

interface ConfigSource {
  yaml: string;
  displayName: string;
  field: string;
  forRun?: boolean;
  /** Changes to make in the text first. */
  changes?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Checks a configuration with the inspector, then lets the caller review what it would reach.
 * @param source the text, its name in messages, its input field, whether it will be run instead of saved, and changes
 * @param reached selects the facts that count, when not everything will be reached
 * @returns the warnings, and the text that was checked: with the changes
 * @throws QuickscrapeError `invalid_config` with all issues; `invalid_params` for a change that cannot be made; errors of
 *   `reviewConfig`
 */
export async function checkAndReviewConfig(
  { paths }: Pick<Workspace, 'paths'>,
  { yaml, displayName, field, forRun = false, changes }: ConfigSource,
  context: OperationContext,
  reached: (facts: ConfigAccess) => ConfigAccess | Promise<ConfigAccess> = (facts) => facts,
): Promise<{ warnings: CheckResponse['warnings']; yaml: string }> {
  const { signal } = context;
  const { checkConfigText } = await loadScraperClient();
  const { warnings, facts, ...checked } = await withField(field, () =>
    checkConfigText(yaml, displayName, { signal, home: paths.home, forRun, changes }),
  );
  const access = await reached(facts);
  const review = async () => context.reviewConfig?.(access);
  await (field === 'changes' ? namingField(field, review) : review());
  return { warnings, yaml: checked.yaml ?? yaml };
}

/**
 * Returns the facts that the stored configuration of this name, if it is readable, does not have.
 * @param kept the secrets that the text takes over from it; absent: all that both have
 */
export async function findNewAccess(
  facts: ConfigAccess,
  { configs, paths }: Workspace,
  name: string,
  kept?: readonly KeptSecret[],
): Promise<ConfigAccess> {
  const { outputPath, caFile, addressFiles } = facts;
  const isPlain = outputPath === null && caFile === null && addressFiles.length === 0;
  const hasNone = [facts.variables, facts.headers, facts.secrets].every(({ length }) => length === 0);
  const isUsual = facts.request === null && facts.concurrency === null;
  if ((isPlain && hasNone && isUsual) || !configs.has(name)) return facts;
  let yaml = '';
  try {
    const { checkConfigText } = await loadScraperClient();
    ({ yaml } = configs.read(name));
    const stored = await checkConfigText(yaml, name, { home: paths.home, forRun: true });
    return addedAccess(facts, stored.facts, kept);
  } catch {
    // A stored configuration that cannot run has not reached anything yet, nor sent what is written in it.
    const stored = new Set((kept ?? findWrittenSecrets(yaml)).map(({ value }) => value));
    const isKept = kept?.map(({ path }) => path);
    const moved = facts.secrets.filter(
      ({ path, text }) => stored.has(text) && (isKept?.includes(path) ?? true),
    );
    return { ...facts, movedSecrets: moved.map(({ path }) => path) };
  }
}

/**
 * Replaces the `field` of an error by the input field of the text; the issues describe the positions within the text.
 */
export async function withField<T>(field: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof QuickscrapeError) || error.field === undefined) throw error;
    const { code, message, hints, issues, cause } = error;
    throw new QuickscrapeError(code, message, {
      field,
      hint: hints,
      ...(issues !== undefined && { issues }),
      cause,
    });
  }
}

/** The same; also in the words of the policy, which speaks of the yaml of a configuration, while `field` names a text. */
export async function namingField<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await withField(name, work);
  } catch (error) {
    if (!(error instanceof QuickscrapeError)) throw error;
    const { code, message, hints, issues, cause } = error;
    throw new QuickscrapeError(code, message.replace(/^yaml: /, `${name}: `), {
      ...(error.field !== undefined && { field: name }),
      hint: hints,
      ...(issues !== undefined && { issues }),
      cause,
    });
  }
}
