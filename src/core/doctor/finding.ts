/** What the doctor looks at, in the order of its report. */
export type CheckName = (typeof CHECKS)[number];

export const CHECKS = [
  'program',
  'home',
  'permissions',
  'disk',
  'clock',
  'time_zones',
  'limits',
  'database',
  'scheduler',
  'settings',
  'jobs',
  'configs',
  'runs',
  'leftovers',
  'browser',
] as const;

/** One thing that the doctor found. A `problem` keeps something from working; a `warning` may one day. */
export interface Finding {
  check: CheckName;
  status: 'ok' | 'warning' | 'problem';
  message: string;
  /** What to do about it, in one line. */
  fix?: string;
  /** The file or folder that is meant, with line and column where they are known: `jobs/a.json:3:5`. */
  where?: string;
}

type Rest = Pick<Finding, 'fix' | 'where'>;

/** Makes the findings of one check. */
export function findingsOf(check: CheckName) {
  const make =
    (status: Finding['status']) =>
    (message: string, rest: Rest = {}): Finding => ({ check, status, message, ...rest });
  return { ok: make('ok'), warning: make('warning'), problem: make('problem') };
}

/** `1 file`, `2 files`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** A path for a line that is pasted into a shell. */
export function shellWord(text: string): string {
  return /^[\w./@%+=:,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** `90 s`, `5 min`, `3 h`, `12 d`. */
export function roughly(ms: number): string {
  const s = Math.abs(ms) / 1000;
  if (s < 120) return `${Math.round(s)} s`;
  if (s < 7200) return `${Math.round(s / 60)} min`;
  return s < 172_800 ? `${Math.round(s / 3600)} h` : `${Math.round(s / 86_400)} d`;
}
