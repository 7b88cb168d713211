import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { HomePaths } from '../../fs/paths.ts';
import { JOB_FILE_LOOKALIKE, JobFiles } from '../../jobs/job-files.ts';
import type { ParsedJob } from '../../jobs/job-text.ts';
import { commandWarnings } from '../../model/command-problems.ts';
import { DEFINITION_FIELDS } from '../../model/definition.ts';
import { correctSpelling } from '../../model/field-spelling.ts';
import type { JobFact } from './checks/check-jobs.ts';

export interface CollectedJobs {
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
    const parsed = new JobFiles(paths.jobs).list(() => undefined);
    for (const job of parsed) if (job.kind === 'valid') zones.set(job.id, job.definition.schedule.timezone);
    return {
      parsed,
      jobs: parsed.map((job) => toFact(job, `${folder}/${basename(job.file)}`, paths.home)),
      unseen: findMisnamedFiles(paths.jobs).map((name) => join(folder, name)),
      zones,
      error: undefined,
    };
  } catch (error) {
    return { jobs: [], parsed: [], unseen: [], zones, error: (error as Error).message };
  }
}

function toFact(job: ParsedJob, file: string, home: string): JobFact {
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
    misspelt,
    commandWarnings: commandWarnings(job.definition, { home }),
  };
}

/** Finds files that were probably meant as jobs, but are ignored because of their file extension. */
export function findMisnamedFiles(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => !name.startsWith('.') && !name.endsWith('.json') && JOB_FILE_LOOKALIKE.test(name))
      .sort();
  } catch {
    return [];
  }
}
