import { ACTORS } from '../../model/definition.ts';
import { isName } from '../../model/job-id.ts';
import { isJobStatus } from '../../model/job-record.ts';
import { RUN_STATUSES, type StoredStatus, TRIGGERS } from '../../model/run-record.ts';
import type { Row } from './safe-text.ts';

const STATUSES: ReadonlySet<string> = new Set<StoredStatus>([...RUN_STATUSES, 'starting']);
const LAST_INSTANT = 8.64e15;

/**
 * Which rows of a damaged database are to be believed, by table: those that our program could have written. The new
 * tables' own rules (types, keys, references) come on top.
 */
export const ROW_CHECKS: Readonly<Record<string, (row: Row) => boolean>> = {
  runs: (row) =>
    isName(String(row['run_id'])) &&
    isName(String(row['job_id'])) &&
    STATUSES.has(String(row['status'])) &&
    (TRIGGERS as readonly unknown[]).includes(row['trigger']) &&
    isText(row['timezone']) &&
    isList(row['checks']) &&
    isObject(row['changes'] ?? '{}') &&
    ['queued_at', 'not_before'].every((name) => isInstant(row[name])) &&
    ['scheduled_for', 'started_at', 'finished_at', 'deadline'].every((name) => isInstant(row[name] ?? 0)) &&
    ['attempt', 'max_attempts', 'items', 'pages', 'bytes'].every((name) => isCount(row[name])),
  attempts: (row) =>
    isName(String(row['run_id'])) &&
    STATUSES.has(String(row['status'])) &&
    isInstant(row['started_at']) &&
    isInstant(row['finished_at'] ?? 0) &&
    ['attempt', 'items', 'pages', 'bytes'].every((name) => isCount(row[name])),
  job_state: (row) =>
    isName(String(row['job_id'])) &&
    isJobStatus(row['status']) &&
    (row['updated_by'] === null || (ACTORS as readonly unknown[]).includes(row['updated_by'])) &&
    ['watermark', 'updated_at', 'last_run', 'paused_at', 'callback_failed_at'].every((name) =>
      isInstant(row[name] ?? 0),
    ) &&
    ['revision', 'failures', 'strikes'].every((name) => isCount(row[name] ?? 0)),
  scheduler: (row) => isCount(row['pid']) && isText(row['boot_id']) && isInstant(row['since']),
  downtime: (row) => isInstant(row['from_at']) && isInstant(row['to_at']) && isWord(row['kind']),
  facts: (row) => isWord(row['name']) && isText(row['value']),
  set_back_watermarks: (row) => isName(String(row['job_id'])) && isInstant(row['watermark']),
  missing_job_files: (row) => isName(String(row['job_id'])) && isInstant(row['since']),
};

function isText(value: unknown): boolean {
  return typeof value === 'string' && !value.includes('\uFFFD');
}

function isWord(value: unknown): boolean {
  return typeof value === 'string' && /^[\w:/ .-]{1,200}$/.test(value);
}

function isInstant(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= LAST_INSTANT;
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isObject(value: unknown): boolean {
  try {
    const found: unknown = JSON.parse(String(value));
    return typeof found === 'object' && found !== null && !Array.isArray(found);
  } catch {
    return false;
  }
}

function isList(value: unknown): boolean {
  try {
    return Array.isArray(JSON.parse(String(value)));
  } catch {
    return false;
  }
}
