import type { ConfigFacts } from '../configs/config-facts.ts';
import { addedFacts } from '../configs/config-facts.ts';
import type { CheckResponse } from '../configs/scraper-protocol.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import type { Workspace } from '../workspace.ts';
import type { OperationContext } from './define-operation.ts';

interface ConfigSource {
  yaml: string;
  displayName: string;
  field: string;
  forRun?: boolean;
}

/**
 * Has the scraper check a configuration, and the caller review what it would reach.
 * @param source the text, how messages show it, the input field that it came by, and whether it is to run, not to be saved
 * @param reached what of it counts, when not all of it is going to be reached
 * @throws QuickscrapeError `invalid_config` with all issues; whatever `reviewConfig` throws
 */
export async function checkAndReviewConfig(
  { paths }: Pick<Workspace, 'paths'>,
  { yaml, displayName, field, forRun = false }: ConfigSource,
  context: OperationContext,
  reached: (facts: ConfigFacts) => ConfigFacts | Promise<ConfigFacts> = (facts) => facts,
): Promise<CheckResponse['warnings']> {
  const { signal } = context;
  const { checkConfigText } = await import('../configs/scraper-client.ts');
  const { warnings, facts } = await withField(field, () =>
    checkConfigText(yaml, displayName, { signal, home: paths.home, forRun }),
  );
  context.reviewConfig?.(await reached(facts));
  return warnings;
}

/** What of `facts` is new, if there is a configuration of this name that can be read. */
export async function findNewFacts(
  facts: ConfigFacts,
  { configs, paths }: Workspace,
  name: string,
): Promise<ConfigFacts> {
  const { outputPath, caFile, variables, headers } = facts;
  const isPlain = outputPath === null && caFile === null && variables.length === 0 && headers.length === 0;
  if (isPlain || !configs.has(name)) return facts;
  try {
    const { checkConfigText } = await import('../configs/scraper-client.ts');
    const { yaml } = configs.read(name);
    const stored = await checkConfigText(yaml, name, { home: paths.home, forRun: true });
    return addedFacts(facts, stored.facts);
  } catch {
    // One that cannot run has reached nothing yet.
    return facts;
  }
}

/** What is wrong within a text is said by the issues; `field` names the input that the text came by. */
export async function withField<T>(field: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof QuickscrapeError) || error.field === undefined) throw error;
    const { code, message, hint, issues, cause } = error;
    throw new QuickscrapeError(code, message, {
      field,
      ...(hint !== undefined && { hint }),
      ...(issues !== undefined && { issues }),
      cause,
    });
  }
}
