import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, relative } from 'node:path';
import { writeFileDurably } from '../../core/fs/atomic-file.ts';
import { makePrivateFolders } from '../../core/fs/private-folder.ts';
import { type Environment, userFilePath } from '../../core/fs/user-file-path.ts';
import { isRecord } from '../../core/lib/json.ts';
import { setFilterText } from '../features/jobs/filter/filter-prompt.ts';
import { toJobColumns } from '../features/jobs/job-columns.ts';
import { SORTS, type Sort } from '../features/jobs/model.ts';
import { withFilterPrompt, withSort } from '../features/jobs/reducer.ts';
import type { Preferences, SavedPreferences, State } from '../kernel/model.ts';
import { NOT_ARRANGED } from '../ui/column-arrangement.ts';
import { SIGN_SETS, THEMES } from '../ui/theme.ts';

/** The current preferences. While a filter is typed, the previous one counts. */
export function currentPreferences({
  jobs,
  timeline,
  log,
  charts,
  mouse,
  zoomed,
  appearance,
}: State): Preferences {
  const { filterPrompt, table } = jobs;
  return {
    sort: table.sort,
    filter: filterPrompt.isOpen ? filterPrompt.before : filterPrompt.line.text,
    jobColumns: jobs.arrangement,
    timelineSpan: timeline.slice.span,
    logWrap: log.slice.wrap,
    chartBars: charts.hasBars,
    mouse,
    zoomed,
    theme: appearance.theme,
    signs: appearance.signs,
  };
}

/** Applies saved preferences to the first state. Fields that they do not set stay unchanged. */
export function withPreferences(state: State, preferred: Partial<Preferences>): State {
  const before = currentPreferences(state);
  const { sort, filter, jobColumns, timelineSpan, logWrap, chartBars, mouse, zoomed, theme, signs } = {
    ...before,
    ...preferred,
  };
  const filtered = withSort(withFilterPrompt(state, setFilterText(state.jobs.filterPrompt, filter)), sort);
  const { jobs, timeline, log } = filtered;
  return {
    ...filtered,
    mouse,
    zoomed,
    appearance: { theme, signs },
    jobs: { ...jobs, arrangement: jobColumns },
    timeline: { ...timeline, slice: { ...timeline.slice, span: timelineSpan } },
    log: { ...log, slice: { ...log.slice, wrap: logWrap } },
    charts: { ...filtered.charts, hasBars: chartBars },
  };
}

/** The preferences that differ from those before. */
export function changedPreferences(before: State, after: State): Partial<Preferences> | undefined {
  if (before === after) return undefined;
  const [was, is] = [currentPreferences(before), currentPreferences(after)];
  const changed = (Object.keys(is) as (keyof Preferences)[]).filter((key) => is[key] !== was[key]);
  return changed.length === 0 ? undefined : Object.fromEntries(changed.map((key) => [key, is[key]]));
}

/**
 * The path of the user's preferences: `quickscrape/dashboard.json` in `$XDG_STATE_HOME`, by default `~/.local/state`.
 */
export function preferencePath(env: Environment): string {
  return userFilePath('XDG_STATE_HOME', 'dashboard.json', env);
}

/** The delay of a write in ms, because changes come in groups. */
const DEBOUNCE_MS = 300;

/**
 * The file of preferences. It is optional: the dashboard works in spite of any error in it. A file that this program
 * did not write is not changed, and no file is created inside the home of the jobs.
 */
export class PreferenceFile {
  readonly #file: string;
  readonly #home: string;
  #changed: Partial<SavedPreferences> = {};
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  /** @param home the folder of the jobs */
  constructor(file: string, home: string) {
    this.#file = file;
    this.#home = home;
  }

  /** The preferences for this home; empty without a file, or if this program did not write it. */
  read(): Partial<SavedPreferences> {
    const plain = this.#plain();
    return plain === undefined ? {} : readPreferences(plain, this.#home);
  }

  /** Schedules a write of these preferences, together with later changes. */
  save(changed: Partial<SavedPreferences>): void {
    this.#changed = { ...this.#changed, ...changed };
    this.#timer ??= setTimeout(() => this.#write(), DEBOUNCE_MS);
  }

  /** Writes pending changes. */
  async close(): Promise<void> {
    if (this.#timer !== undefined) this.#write();
    await this.#writing;
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const changed = this.#changed;
    this.#changed = {};
    this.#writing = this.#writing
      .then(() => this.#replace(changed))
      .catch(() => {
        // The state folder is not writable: the preferences then last until the dashboard closes.
      });
  }

  async #replace(changed: Partial<SavedPreferences>): Promise<void> {
    // Read again, because another dashboard may have written meanwhile.
    const before = this.#plain();
    if (before === undefined || isWithin(this.#home, this.#file)) return;
    // Node's recursive `mkdir` never returns where no folder can be created, as below /proc.
    makePrivateFolders(dirname(this.#file));
    await writeFileDurably(this.#file, writePreferences(before, this.#home, changed), {
      sync: 'content',
    });
  }

  /** Empty without a file; `undefined` for a file that this program did not write. */
  #plain(): Readonly<Record<string, unknown>> | undefined {
    try {
      return parsePreferences(readFileSync(this.#file, 'utf8'));
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ENOENT' ? {} : undefined;
    }
  }
}

function isWithin(folder: string, file: string): boolean {
  const path = relative(folder, file);
  return !path.startsWith('..') && !isAbsolute(path);
}

/** The file format version that this program writes. */
const VERSION = 1;
/** The number of homes with stored values; the most recently changed ones stay. */
const MAX_HOMES = 30;

type Plain = Readonly<Record<string, unknown>>;

/**
 * Parses a preference file; `undefined` if this program did not write it: another kind of file, or one of a newer
 * version. Such a file must not be changed.
 */
function parsePreferences(text: string): Plain | undefined {
  try {
    const plain: unknown = JSON.parse(text);
    if (!isRecord(plain)) return undefined;
    const { version } = plain;
    return typeof version === 'number' && Number.isInteger(version) && version >= 1 && version <= VERSION
      ? plain
      : undefined;
  } catch {
    return undefined;
  }
}

/** The preferences for a home in a parsed file; invalid values are ignored. */
function readPreferences(plain: Plain, home: string): Partial<SavedPreferences> {
  const {
    sort,
    filters,
    left_at,
    job_columns: columns,
    timeline_span: span,
    log_wrap: wrap,
    chart_bars: bars,
    mouse,
    zoomed,
    theme,
    signs,
  } = plain;
  const filter = isRecord(filters) ? filters[home] : undefined;
  const left = isRecord(left_at) ? Date.parse(String(left_at[home])) : Number.NaN;
  return Object.fromEntries(
    Object.entries({
      sort: sortOf(sort),
      filter: typeof filter === 'string' ? filter : undefined,
      jobColumns: toJobColumns(columns),
      timelineSpan: oneOf(['day', 'week'], span),
      logWrap: typeof wrap === 'boolean' ? wrap : undefined,
      chartBars: typeof bars === 'boolean' ? bars : undefined,
      mouse: typeof mouse === 'boolean' ? mouse : undefined,
      zoomed: typeof zoomed === 'boolean' ? zoomed : undefined,
      theme: oneOf(THEMES, theme),
      signs: oneOf(SIGN_SETS, signs),
      leftAt: Number.isNaN(left) ? undefined : left,
    }).filter(([, value]) => value !== undefined),
  );
}

/** The file's text after a change. Everything else stays, including unknown fields. */
function writePreferences(before: Plain, home: string, changed: Partial<SavedPreferences>): string {
  const { sort, filter, jobColumns, timelineSpan, logWrap, chartBars, mouse, zoomed, theme, signs, leftAt } =
    changed;
  const next = {
    ...before,
    version: VERSION,
    ...(sort !== undefined && { sort }),
    ...(jobColumns !== undefined && { job_columns: jobColumns === NOT_ARRANGED ? undefined : jobColumns }),
    ...(timelineSpan !== undefined && { timeline_span: timelineSpan }),
    ...(logWrap !== undefined && { log_wrap: logWrap }),
    ...(chartBars !== undefined && { chart_bars: chartBars }),
    ...(mouse !== undefined && { mouse }),
    ...(zoomed !== undefined && { zoomed }),
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
  const others = Object.entries(isRecord(before) ? before : {}).filter(([name]) => name !== home);
  const entries = text === '' ? others : [...others, [home, text] as const];
  return Object.fromEntries(entries.slice(-MAX_HOMES));
}

function sortOf(value: unknown): Sort | undefined {
  if (!isRecord(value)) return undefined;
  const found = SORTS.find(({ by }) => by === value['by']);
  return found && { by: found.by, descending: value['descending'] === true };
}

function oneOf<T extends string>(values: readonly T[], value: unknown): T | undefined {
  return values.find((each) => each === value);
}
