import { asFields, asList, asText, type Fields } from './fields.ts';

/** A run or an occurrence on the time axis. */
export interface Bar {
  job: string;
  /** Status of a run; `due` for an occurrence of a forecast. */
  status: string;
  /** Epoch milliseconds. */
  start: number;
  end: number;
  /** What it is, for the pointer and for the table. */
  text: string;
}

export interface Timeline {
  tool: 'list_runs' | 'forecast_runs';
  bars: Bar[];
  /** The time that the axis covers, in epoch milliseconds. */
  from: number;
  until: number;
  notes: string[];
  total: number | undefined;
  nextCursor: string | undefined;
  summary: string;
}

/** Reads an answer of list_runs or forecast_runs; `before` is what was shown, which the answer continues. */
export function readTimeline(answer: Fields, before?: Timeline): Timeline {
  const isForecast = 'occurrences' in answer || 'busiest' in answer;
  const bars = [...(before?.bars ?? []), ...(isForecast ? occurrenceBars(answer) : runBars(answer))];
  const { total, next_cursor, summary } = answer;
  return {
    tool: isForecast ? 'forecast_runs' : 'list_runs',
    bars,
    ...axis(answer, bars),
    notes: isForecast ? forecastNotes(answer) : [],
    total: typeof total === 'number' ? total : undefined,
    nextCursor: typeof next_cursor === 'string' ? next_cursor : undefined,
    // That of the first page alone speaks of all that was asked for.
    summary: before === undefined && typeof summary === 'string' ? summary : '',
  };
}

function runBars({ runs }: Fields): Bar[] {
  return asList(runs).flatMap((run) => {
    const start = instant(run['started_at'] ?? run['scheduled_for'] ?? run['queued_at']);
    if (start === undefined) return [];
    const end = instant(run['finished_at']) ?? start + asDuration(run['duration_ms']);
    const { message } = asFields(run['error']);
    const parts = [
      asText(run['status']),
      `${asText(run['items'] ?? 0)} items`,
      ...(typeof message === 'string' ? [message] : []),
    ];
    return [
      { job: asText(run['job_id']), status: asText(run['status']), start, end, text: parts.join(', ') },
    ];
  });
}

function occurrenceBars({ occurrences }: Fields): Bar[] {
  return asList(occurrences).flatMap(({ job_id, at, starts_at, takes_s, host }) => {
    const start = instant(starts_at ?? at);
    if (start === undefined) return [];
    const end = start + asDuration(takes_s) * 1000;
    const text = [typeof takes_s === 'number' ? `takes about ${Math.round(takes_s)} s` : 'due', host]
      .filter((part) => typeof part === 'string')
      .join(', ');
    return [{ job: asText(job_id), status: 'due', start, end, text }];
  });
}

function forecastNotes({ collisions, warnings }: Fields): string[] {
  const collided = asList(collisions).map(({ text }) => text);
  return [...collided, ...(Array.isArray(warnings) ? warnings : [])].filter(
    (note): note is string => typeof note === 'string',
  );
}

const MINUTE_MS = 60_000;

/** A forecast covers its hours; a list of runs from its first start to its last end. */
function axis({ from, until }: Fields, bars: readonly Bar[]): { from: number; until: number } {
  const first = instant(from) ?? min(bars.map(({ start }) => start));
  const last = instant(until) ?? -min(bars.map(({ end }) => -end));
  return { from: first, until: Math.max(last, first + MINUTE_MS) };
}

function min(values: readonly number[]): number {
  return values.reduce((least, value) => Math.min(least, value), values[0] ?? 0);
}

/** Where a bar lies on the axis, as shares of its length. */
export function placeBar({ start, end }: Bar, { from, until }: Pick<Timeline, 'from' | 'until'>) {
  const share = (time: number) => Math.min(1, Math.max(0, (time - from) / (until - from)));
  return { left: share(start), width: Math.max(0, share(end) - share(start)) };
}

/** The bars by job, in the order of the ids. */
export function groupByJob(bars: readonly Bar[]): [string, Bar[]][] {
  const jobs = new Map<string, Bar[]>();
  for (const bar of bars) jobs.set(bar.job, [...(jobs.get(bar.job) ?? []), bar]);
  return [...jobs].sort(([one], [other]) => (one < other ? -1 : 1));
}

function instant(value: unknown): number | undefined {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

function asDuration(value: unknown): number {
  return typeof value === 'number' && value > 0 ? value : 0;
}
