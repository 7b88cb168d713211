import type { ErrorCode } from '../../core/lib/errors.ts';

/** docs/reference/exit-codes.md */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  conflict: 4,
  interrupted: 130,
  terminated: 143,
} as const;

const BY_CODE: Record<ErrorCode, number> = {
  invalid_params: EXIT.usage,
  invalid_schedule: EXIT.usage,
  invalid_config: EXIT.usage,
  invalid_job: EXIT.usage,
  home_not_found: EXIT.notFound,
  job_not_found: EXIT.notFound,
  config_not_found: EXIT.notFound,
  run_not_found: EXIT.notFound,
  worker_not_found: EXIT.notFound,
  conflict: EXIT.conflict,
  scheduler_already_running: EXIT.conflict,
  scheduler_not_running: EXIT.failed,
  not_allowed: EXIT.failed,
  store_unavailable: EXIT.failed,
  detached_job: EXIT.failed,
  program_replaced: EXIT.failed,
  internal: EXIT.failed,
};

export function exitCodeOf(code: ErrorCode): number {
  return BY_CODE[code];
}
