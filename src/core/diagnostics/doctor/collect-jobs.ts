import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { ConfigStore } from '../../configs/config-store.ts';
import { paramWarnings } from '../../configs/job-params.ts';
import type { HomePaths } from '../../fs/paths.ts';
import { joinJob } from '../../jobs/job-entry.ts';
import { JOB_FILE_LOOKALIKE, JobFiles } from '../../jobs/job-files.ts';
import type { ParsedJob } from '../../jobs/job-text.ts';
import { correctSpelling } from '../../lib/closest-names.ts';
import { commandWarnings } from '../../model/callbacks.ts';
import { DEFINITION_FIELDS } from '../../model/definition.ts';
import type { JobStateRow } from '../../runs/state-from-runs.ts';
import type { ConfigFact, ConfigIssueFact } from './checks/check-configs.ts';
import type { JobFact, JobProblem } from './checks/check-jobs.ts';

interface CollectedJobs {
  jobs: JobFact[];
  parsed: readonly ParsedJob[];
  /** Relative to the home. */
  unseen: string[];
  /** The time zone of each valid job. */
  zones: Map<string, string>;
  error: string | undefined;
}

/** Reads only the job files. */
export function collectJobs(paths: HomePaths): CollectedJobs {
  const folder = basename(paths.jobs);
  const zones = new Map<string, string>();
  try {
    const configs = new ConfigStore(paths);
    const parsed = new JobFiles(paths.jobs).list(() => undefined);
    for (const job of parsed) if (job.kind === 'valid') zones.set(job.id, job.definition.schedule.timezone);
    return {
      parsed,
      jobs: parsed.map((job) => toFact(job, `${folder}/${basename(job.file)}`, paths.home, configs)),
      unseen: findMisnamedFiles(paths.jobs).map((name) => join(folder, name)),
      zones,
      error: undefined,
    };
  } catch (error) {
    return { jobs: [], parsed: [], unseen: [], zones, error: (error as Error).message };
  }
}

function toFact(job: ParsedJob, file: string, home: string, configs: ConfigStore): JobFact {
  const { id } = job;
  if (job.kind === 'newer') return { id, kind: 'newer', file, reason: job.reason };
  if (job.kind === 'invalid') {
    return { id, kind: 'invalid', file, reason: job.reason, line: job.line, column: job.column };
  }
  const misspelt = Object.keys(job.extra).flatMap((field) => {
    const meant = correctSpelling(field, DEFINITION_FIELDS);
    return meant === undefined ? [] : [{ field, meant }];
  });
  return {
    id,
    kind: 'valid',
    file,
    configName: job.definition.config_name,
    enabled: job.definition.enabled,
    worker: job.definition.worker ?? [],
    channels: (job.definition.notify ?? []).map(({ channel }) => channel),
    misspelt,
    commandWarnings: commandWarnings(job.definition, { home }),
    paramWarnings: paramWarnings(job.definition, configs),
  };
}

/** Finds files that were probably meant as jobs, but are ignored because of their file extension. */
function findMisnamedFiles(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => !name.startsWith('.') && !name.endsWith('.json') && JOB_FILE_LOOKALIKE.test(name))
      .sort();
  } catch {
    return [];
  }
}

/**
 * Returns the problems of jobs that have files, consistent with every interface: a pause or a failed command no longer
 * counts once the job's file does not ask for it. For a file that cannot be used, only the database counts.
 * @param states by job; may also contain jobs whose files were removed
 */
export function joinJobProblems(
  jobs: readonly ParsedJob[],
  states: ReadonlyMap<string, JobStateRow>,
  now: number,
): JobProblem[] {
  return jobs.flatMap((job) => {
    const row = states.get(job.id);
    return row === undefined ? [] : [joinJobProblem(job, row, now)];
  });
}

function joinJobProblem(job: ParsedJob, row: JobStateRow, now: number): JobProblem {
  const entry = joinJob(job, row, now);
  if (entry.kind === 'valid') {
    const { failures, pausedAt, callbackFailure } = entry.state;
    return {
      jobId: job.id,
      failures,
      pausedAt: pausedAt ?? undefined,
      callbackFailure: callbackFailure ?? undefined,
    };
  }
  const { failures, paused_at: pausedAt, callback_failed_at: failedAt, callback_failure: message } = row;
  return {
    jobId: job.id,
    failures,
    pausedAt: pausedAt ?? undefined,
    callbackFailure: typeof failedAt === 'number' ? { at: failedAt, message: message ?? '' } : undefined,
  };
}

/** Validates a configuration. The scraper provides it, because the core does not validate configurations. */
export type ConfigValidator = (yaml: string, file: string) => readonly ConfigIssueFact[];

interface CollectedConfigs {
  configs: ConfigFact[];
  /** Names of the configurations that need a browser. */
  browsers: string[];
}

/** @param used names of the configurations that enabled jobs need */
export function collectConfigs(
  paths: HomePaths,
  used: ReadonlySet<string>,
  validate: ConfigValidator,
): CollectedConfigs {
  const store = new ConfigStore(paths);
  const browsers: string[] = [];
  const configs = store.list().map(({ name, file }): ConfigFact => {
    const base = { name, file: `${basename(paths.configs)}/${basename(file)}`, used: used.has(name) };
    try {
      const { yaml } = store.read(name);
      if (usesBrowser(yaml)) browsers.push(name);
      return { ...base, issues: validate(yaml, file) };
    } catch (error) {
      return { ...base, issues: [], error: (error as Error).message };
    }
  });
  return { configs, browsers };
}

function usesBrowser(yaml: string): boolean {
  try {
    const config: unknown = parse(yaml);
    if (typeof config !== 'object' || config === null) return false;
    const { backend, pagination } = config as { backend?: unknown; pagination?: { type?: unknown } | null };
    return (
      ['browser', 'playwright'].includes(String(backend)) ||
      ['load_more', 'infinite_scroll'].includes(String(pagination?.type))
    );
  } catch {
    return false;
  }
}
