import { readRegularFile } from '../../fs/read-regular-file.ts';
import { isJobStatus, type JobStatus, MAX_JOB_FILE_BYTES } from '../../model/job-record.ts';

/** The plausible part of the runtime state that a job file copies; instants in epoch milliseconds. */
export interface RuntimeCopy {
  status: JobStatus;
  lastRun: number | null;
  nextRun: number | null;
}

/**
 * Reads the runtime state from a job file's text. Values that this program would not have written by `now` are
 * omitted.
 */
export function readRuntimeCopy(text: string, now: number): RuntimeCopy {
  const raw = parse(text);
  const instant = (name: string) => {
    const at = typeof raw[name] === 'string' ? Date.parse(raw[name]) : Number.NaN;
    return Number.isNaN(at) ? null : at;
  };
  const lastRun = instant('last_run');
  return {
    status: isJobStatus(raw['status']) ? raw['status'] : 'pending',
    lastRun: lastRun !== null && lastRun <= now ? lastRun : null,
    nextRun: instant('next_run'),
  };
}

/** {@link readRuntimeCopy} of a file; `undefined` when it cannot be read, or was changed or deleted meanwhile. */
export function runtimeCopyIn(file: string, now: number): RuntimeCopy | undefined {
  try {
    return readRuntimeCopy(readRegularFile(file, MAX_JOB_FILE_BYTES).toString('utf8'), now);
  } catch {
    return undefined;
  }
}

function parse(text: string): Record<string, unknown> {
  try {
    const raw: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return typeof raw === 'object' && raw !== null ? (raw as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
