import { SORTS, type Sort } from '../../features/jobs/model.ts';
import type { SavedPreferences } from '../../kernel/model.ts';
import { SIGN_SETS, THEMES } from '../../ui/theme.ts';

/** The file format version that this program writes. */
const VERSION = 1;
/** The number of homes with stored values; the most recently changed ones stay. */
const MAX_HOMES = 30;

type Plain = Readonly<Record<string, unknown>>;

/**
 * Parses a preference file; `undefined` if this program did not write it: another kind of file, or one of a newer
 * version. Such a file must not be changed.
 */
export function parsePreferences(text: string): Plain | undefined {
  try {
    const plain: unknown = JSON.parse(text);
    if (!isPlain(plain)) return undefined;
    const { version } = plain;
    return typeof version === 'number' && Number.isInteger(version) && version >= 1 && version <= VERSION
      ? plain
      : undefined;
  } catch {
    return undefined;
  }
}

/** The preferences for a home in a parsed file; invalid values are ignored. */
export function readPreferences(plain: Plain, home: string): Partial<SavedPreferences> {
  const { sort, filters, left_at, timeline_span: span, log_wrap: wrap, mouse, theme, signs } = plain;
  const filter = isPlain(filters) ? filters[home] : undefined;
  const left = isPlain(left_at) ? Date.parse(String(left_at[home])) : Number.NaN;
  return Object.fromEntries(
    Object.entries({
      sort: sortOf(sort),
      filter: typeof filter === 'string' ? filter : undefined,
      timelineSpan: oneOf(['day', 'week'], span),
      logWrap: typeof wrap === 'boolean' ? wrap : undefined,
      mouse: typeof mouse === 'boolean' ? mouse : undefined,
      theme: oneOf(THEMES, theme),
      signs: oneOf(SIGN_SETS, signs),
      leftAt: Number.isNaN(left) ? undefined : left,
    }).filter(([, value]) => value !== undefined),
  );
}

/** The file's text after a change. Everything else stays, including unknown fields. */
export function writePreferences(before: Plain, home: string, changed: Partial<SavedPreferences>): string {
  const { sort, filter, timelineSpan, logWrap, mouse, theme, signs, leftAt } = changed;
  const next = {
    ...before,
    version: VERSION,
    ...(sort !== undefined && { sort }),
    ...(timelineSpan !== undefined && { timeline_span: timelineSpan }),
    ...(logWrap !== undefined && { log_wrap: logWrap }),
    ...(mouse !== undefined && { mouse }),
    ...(theme !== undefined && { theme }),
    ...(signs !== undefined && { signs }),
    ...(filter !== undefined && { filters: withEntry(before['filters'], home, filter.trim() && filter) }),
    ...(leftAt !== undefined && {
      left_at: withEntry(before['left_at'], home, new Date(leftAt).toISOString()),
    }),
  };
  return `${JSON.stringify(next, null, 2)}\n`;
}

/** Sets the text of one home among the values by home; an empty text removes its entry. */
function withEntry(before: unknown, home: string, text: string): Plain {
  const others = Object.entries(isPlain(before) ? before : {}).filter(([name]) => name !== home);
  const entries = text === '' ? others : [...others, [home, text] as const];
  return Object.fromEntries(entries.slice(-MAX_HOMES));
}

function sortOf(value: unknown): Sort | undefined {
  if (!isPlain(value)) return undefined;
  const found = SORTS.find(({ by }) => by === value['by']);
  return found && { by: found.by, descending: value['descending'] === true };
}

function oneOf<T extends string>(values: readonly T[], value: unknown): T | undefined {
  return values.find((each) => each === value);
}

function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
