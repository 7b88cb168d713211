import { QuickscrapeError } from '../../core/lib/errors.ts';
import { SELECTOR_PATHS, type SelectorPart } from '../../core/model/check.ts';
import { changeConfig } from '../config/change-config.ts';
import { getPageSelectors, getSelectors, listSelectorPlaces } from '../config/config-fields.ts';
import type { ScrapeConfig } from '../config/config-schema.ts';
import { listFollows } from '../config/follow.ts';
import { parseExtraction } from '../config/parse-config.ts';
import { extractDetail } from '../extract/extract-detail.ts';
import type { Page } from '../lib/page.ts';
import { tryExtractRows } from './per-page.ts';
import type { SelectorChange } from './selector-change.ts';

/** A selector that a good run had. */
export interface EarlierSelector {
  part: SelectorPart;
  field: string;
  selector: string;
}

/** The pages of a good run, and those of a later one. */
interface KeptPages {
  rows: Page;
  /** By level of `follow`. */
  details: ReadonlyMap<number, Page>;
}

/**
 * Finds the selectors that an edit of the configuration broke: on the page of a good run they match less than half of
 * what the earlier ones match. The earlier ones are put back.
 * @returns the changes that go back, with their matches on the later page, and the configuration with them
 */
export function revertSelectors(
  { yaml, name }: { yaml: string; name: string },
  earlier: readonly EarlierSelector[],
  before: KeptPages,
  now: KeptPages,
): { changes: SelectorChange[]; config: ScrapeConfig } {
  const { config } = parseExtraction(yaml, name);
  const edits = listEdits(config, earlier);
  const whole = tryChanges(yaml, name, edits);
  if (whole === undefined) return { changes: [], config };
  const [present, past] = [countMatches(config, before), countMatches(whole, before)];
  const broken = edits.filter(({ key }) => (present.get(key) ?? 0) * 2 < (past.get(key) ?? 0));
  const reverted = tryChanges(yaml, name, broken);
  if (reverted === undefined) return { changes: [], config };
  const matches = countMatches(reverted, now);
  const changes = broken.map(({ key, ...change }) => ({ ...change, matched: matches.get(key) ?? 0 }));
  return { changes, config: reverted };
}

interface Edit {
  /** Part and name: a field may have the name of a part. */
  key: string;
  path: string;
  from: string;
  value: string;
}

function listEdits(config: ScrapeConfig, earlier: readonly EarlierSelector[]): Edit[] {
  const known = new Map(earlier.map(({ part, field, selector }) => [`${part} ${field}`, selector]));
  return listSelectorPlaces(config).flatMap(({ part, field, path, selector: from }) => {
    const key = `${part} ${field}`;
    const value = known.get(key);
    return value === undefined || value === from || path === SELECTOR_PATHS.sitemap
      ? []
      : [{ key, path, from, value }];
  });
}

/** The configuration with the changes; undefined without changes, or if they cannot be made in its text. */
function tryChanges(yaml: string, name: string, edits: readonly Edit[]): ScrapeConfig | undefined {
  if (edits.length === 0) return undefined;
  try {
    const changes = Object.fromEntries(edits.map(({ path, value }) => [path, value]));
    return parseExtraction(changeConfig(yaml, name, changes), name).config;
  } catch (error) {
    if (error instanceof QuickscrapeError) return undefined;
    throw error;
  }
}

function countMatches(config: ScrapeConfig, { rows, details }: KeptPages): Map<string, number> {
  const extraction = tryExtractRows(rows, config);
  const byLevel = listFollows(config.follow).map((follow, above) => {
    const page = details.get(above + 1);
    return page && extractDetail(page, follow, config, above + 1).matches;
  });
  const found = getPageSelectors(config).map(({ part }): [string, number] => {
    const count = part === 'sitemap' ? 0 : (extraction?.found[part] ?? 0);
    return [`${part} ${SELECTOR_PATHS[part]}`, count];
  });
  const fields = getSelectors(config).map(({ part, name, level }): [string, number] => {
    const matches = level > 0 ? byLevel[level - 1] : extraction?.matches;
    return [`${part} ${name}`, matches?.[name] ?? 0];
  });
  return new Map([...found, ...fields]);
}
