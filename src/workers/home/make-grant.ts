import { existsSync, lstatSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { ClientRevisions } from '../../core/configs/client-revisions.ts';
import { readsHomeInConfig } from '../../core/configs/config-values.ts';
import { type Environment, readHomeEnvironment } from '../../core/configs/home-environment.ts';
import { MAX_COOKIES_LENGTH } from '../../core/execution/collect-task.ts';
import type { GrantedRun } from '../../core/execution/granted-run.ts';
import { readRegularFile } from '../../core/fs/read-regular-file.ts';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import { formatBytes } from '../../core/lib/format-bytes.ts';
import { paramsOfRun } from '../../core/model/params.ts';
import type { RunRecord } from '../../core/model/run-record.ts';
import { getPersistentFiles, runFiles } from '../../core/runs/run-files.ts';
import type { Workspace } from '../../core/workspace.ts';
import { fitsLetter } from '../protocol/letters.ts';
import type { Grant } from '../protocol/messages.ts';
import { MAX_SEALED_LENGTH } from '../protocol/seal.ts';
import { findEarlierAttempt } from './earlier-attempt.ts';

const AT_HOME = 'Or let this machine execute the job: it has no such limit.';
const REFERENCE = /\$\{([A-Za-z_]\w*)\}/g;

/** The settings that requests depend on. The others are the worker's own, or matter at home only. */
const SENT_SETTINGS = ['user_agent', 'request_timeout', 'respect_robots', 'default_output_format'] as const;

/**
 * Collects what the home finishes a run with, as it is when the run is claimed.
 * @throws QuickscrapeError as for a local run: `config_not_found`, `job_unusable`, `store_unavailable`; `invalid_config`
 *   for addresses that only this machine can read
 */
export function readGrantedState(workspace: Workspace, run: RunRecord, claim: string): GrantedRun {
  const entry = workspace.jobs.get(run.jobId);
  if (entry?.kind !== 'valid')
    throw new QuickscrapeError('store_unavailable', `job ${run.jobId} has been deleted or cannot be used`);
  const { yaml, file } = workspace.configs.read(run.configName);
  if (readsHomeInConfig(yaml))
    throw new QuickscrapeError(
      'invalid_config',
      'urls_from: a worker on another machine cannot read the files and the rows of this home',
      {
        hint: 'Let this machine execute the job: set executor_local_slots to 1 or more, and give the job no pool.',
      },
    );
  const files = runFiles(workspace.paths, run.jobId, run.runId);
  return {
    claim,
    run,
    definition: entry.record.definition,
    config: {
      yaml,
      file: `configs/${basename(file)}`,
      isClientText: new ClientRevisions(workspace.paths).hasText(yaml),
    },
    logBytes: lstatSync(files.log, { throwIfNoEntry: false })?.size ?? 0,
    ...(run.attempt > 1 && findEarlierAttempt(files)),
  };
}

/** Makes the message that lets a worker execute a run: of the variables, it contains those that the text names. */
export function makeGrant(
  workspace: Workspace,
  { claim, run, definition, config, logBytes, earlier, startsOver }: GrantedRun,
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
    params: paramsOfRun(run, definition),
    expect: definition.expect,
    cookies: readCookies(workspace, run),
    earlier: earlier ?? null,
    starts_over: startsOver ?? null,
    max_result_bytes: settings.get('executor_max_result') * 1024 * 1024,
  };
}

/**
 * @throws QuickscrapeError `invalid_config` when the worker could not be told all of it: it would ask again and again
 */
export function checkGrantSize(grant: Grant): void {
  if (fitsLetter(grant)) return;
  const { config, env, cookies } = grant;
  const parts = {
    configuration: config.yaml.length,
    variables: JSON.stringify(env).length,
    cookies: cookies?.length ?? 0,
  };
  const sizes = Object.entries(parts).map(([name, bytes]) => `${name} ${formatBytes(bytes)}`);
  const [largest] = Object.entries(parts).sort(([, a], [, b]) => b - a);
  throw new QuickscrapeError(
    'invalid_config',
    `too large for a worker: ${sizes.join(', ')}; at most ${formatBytes(MAX_SEALED_LENGTH)} are sent, encrypted`,
    { hint: `Shorten the ${largest?.[0]}. ${AT_HOME}` },
  );
}

/** Whether only this machine can execute a run. Where it executes none, the run fails and says why. */
export function staysAtHome(workspace: Workspace, { jobId, pool, configName }: RunRecord): boolean {
  const canStay = pool === '' && workspace.settings.get('executor_local_slots') > 0;
  return canStay && (hasTooManyCookies(workspace, jobId) || readsHome(workspace, configName));
}

/** Whether the addresses of a run are in files or rows of the home. */
function readsHome({ configs }: Workspace, configName: string): boolean {
  try {
    return readsHomeInConfig(configs.read(configName).yaml);
  } catch {
    return false;
  }
}

function hasTooManyCookies({ paths }: Workspace, jobId: string): boolean {
  const { cookies } = getPersistentFiles(paths, jobId);
  return (statSync(cookies, { throwIfNoEntry: false })?.size ?? 0) > MAX_COOKIES_LENGTH;
}

/** @throws QuickscrapeError `invalid_config` when there are too many */
function readCookies(workspace: Workspace, { jobId }: RunRecord): string | null {
  const { cookies } = getPersistentFiles(workspace.paths, jobId);
  if (hasTooManyCookies(workspace, jobId)) {
    throw new QuickscrapeError(
      'invalid_config',
      `too large for a worker: the cookies in ${cookies}; at most ${formatBytes(MAX_COOKIES_LENGTH)} are sent`,
      { hint: `Delete this file, or set keep_cookies: false in the configuration. ${AT_HOME}` },
    );
  }
  try {
    return existsSync(cookies) ? readRegularFile(cookies, MAX_COOKIES_LENGTH).toString('utf8') : null;
  } catch {
    // A link: the run begins without them, and keeps its own.
    return null;
  }
}
