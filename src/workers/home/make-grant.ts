import { existsSync, lstatSync } from 'node:fs';
import { basename } from 'node:path';
import { ClientRevisions } from '../../core/configs/client-revisions.ts';
import { type Environment, readHomeEnvironment } from '../../core/configs/home-environment.ts';
import type { GrantedRun } from '../../core/execution/granted-run.ts';
import { readRegularFile } from '../../core/fs/read-regular-file.ts';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import type { RunRecord } from '../../core/model/run-record.ts';
import { getPersistentFiles, runFiles } from '../../core/runs/run-files.ts';
import type { Workspace } from '../../core/workspace.ts';
import { type Grant, MAX_COOKIES_LENGTH } from '../protocol/messages.ts';

const REFERENCE = /\$\{([A-Za-z_]\w*)\}/g;

/** The settings that requests depend on. The others are the worker's own, or matter at home only. */
const SENT_SETTINGS = ['user_agent', 'request_timeout', 'respect_robots', 'default_output_format'] as const;

/**
 * Collects what the home finishes a run with, as it is when the run is claimed.
 * @throws QuickscrapeError as for a local run: `config_not_found`, `job_unusable`, `store_unavailable`
 */
export function readGrantedState(workspace: Workspace, run: RunRecord, claim: string): GrantedRun {
  const entry = workspace.jobs.get(run.jobId);
  if (entry?.kind !== 'valid')
    throw new QuickscrapeError('store_unavailable', `job ${run.jobId} has been deleted or cannot be used`);
  const { yaml, file, revision } = workspace.configs.read(run.configName);
  const { log } = runFiles(workspace.paths, run.jobId, run.runId);
  return {
    claim,
    run,
    definition: entry.record.definition,
    config: {
      yaml,
      file: `configs/${basename(file)}`,
      isClientText: new ClientRevisions(workspace.paths).has(revision),
    },
    logBytes: lstatSync(log, { throwIfNoEntry: false })?.size ?? 0,
  };
}

/** Makes the message that lets a worker execute a run: of the variables, it contains those that the text names. */
export function makeGrant(
  workspace: Workspace,
  { claim, run, definition, config, logBytes }: GrantedRun,
): Grant {
  const { settings, clock, paths } = workspace;
  const names = new Set([...config.yaml.matchAll(REFERENCE)].map(([, name = '']) => name));
  const env: Environment = names.size === 0 ? {} : readHomeEnvironment(paths).env;
  return {
    kind: 'grant',
    run: run.runId,
    token: run.startToken ?? '',
    claim,
    now: clock.now(),
    job_id: run.jobId,
    attempt: run.attempt,
    max_attempts: run.maxAttempts,
    trigger: run.trigger,
    timezone: run.timezone,
    timeout_seconds: definition.timeout,
    log_at: logBytes,
    config: { yaml: config.yaml, file: config.file, is_client_text: config.isClientText },
    env: Object.fromEntries(
      [...names].flatMap((name) => {
        const value = env[name];
        return value === undefined ? [] : [[name, value] as const];
      }),
    ),
    settings: Object.fromEntries(SENT_SETTINGS.map((key) => [key, settings.get(key)])),
    expect: definition.expect,
    cookies: readCookies(workspace, run),
    max_result_bytes: settings.get('executor_max_result') * 1024 * 1024,
  };
}

function readCookies({ paths }: Workspace, { jobId }: RunRecord): string | null {
  const { cookies } = getPersistentFiles(paths, jobId);
  try {
    return existsSync(cookies) ? readRegularFile(cookies, MAX_COOKIES_LENGTH).toString('utf8') : null;
  } catch {
    // A link, or too many cookies: the run begins without them, and keeps its own.
    return null;
  }
}
