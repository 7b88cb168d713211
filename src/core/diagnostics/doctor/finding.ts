/** The checks of `doctor`, in the order of its report. */
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
  'workers',
  'channels',
  'jobs',
  'configs',
  'runs',
  'leftovers',
  'browser',
] as const;

/** One result of `doctor`. A `problem` prevents something from working; a `warning` may do so later. */
export interface Finding {
  check: CheckName;
  status: 'ok' | 'warning' | 'problem';
  message: string;
  /** How to fix it, in one line. */
  fix?: string;
  /** The file or folder concerned, with line and column if known: `jobs/a.json:3:5`. */
  where?: string;
}

type FindingDetails = Pick<Finding, 'fix' | 'where'>;

/** Creates the constructors for one check's findings. */
export function createFindings(check: CheckName) {
  const make =
    (status: Finding['status']) =>
    (message: string, details: FindingDetails = {}): Finding => ({ check, status, message, ...details });
  return { ok: make('ok'), warning: make('warning'), problem: make('problem') };
}
