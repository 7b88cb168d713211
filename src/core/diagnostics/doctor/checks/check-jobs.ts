import { closestNames } from '../../../lib/closest-names.ts';
import { pluralize } from '../../../lib/pluralize.ts';
import { type CheckName, createFindings, type Finding } from '../finding.ts';

/** A job file, as far as it could be parsed. */
export interface JobFact {
  id: string;
  kind: 'valid' | 'invalid' | 'newer';
  /** Relative to the home: `jobs/a.json`. */
  file: string;
  line?: number | undefined;
  column?: number | undefined;
  /** Why it is not a valid job, or which version it has. */
  reason?: string | undefined;
  /** For valid jobs only. */
  configName?: string | undefined;
  enabled?: boolean | undefined;
  /** Fields that are probably misspelled, each with the intended name. */
  misspelt?: readonly { field: string; meant: string }[] | undefined;
  /** Probable mistakes in the commands that it calls, one sentence each. */
  commandWarnings?: readonly string[] | undefined;
}

export interface JobFacts {
  jobs: readonly JobFact[];
  configs: readonly string[];
  /** Files in the jobs folder with names similar to a job's: `Books.JSON`, `books.json.txt`. */
  unseen: readonly string[];
  error: string | undefined;
}

const CHECK: CheckName = 'jobs';

/** Checks whether every job file is a job that can run. */
export function checkJobs({ jobs, configs, unseen, error }: JobFacts): Finding[] {
  const { ok, warning, problem } = createFindings(CHECK);
  if (error !== undefined)
    return [problem(`cannot be listed: ${error}`, { fix: 'check the permissions of jobs/' })];
  const findings = jobs.flatMap((job) => checkJob(job, configs));
  for (const file of unseen) {
    findings.push(
      warning('is not seen: the files of jobs end in .json', {
        where: file,
        fix: 'quickscrape maintenance repair-jobs',
      }),
    );
  }
  const valid = jobs.filter(({ kind }) => kind === 'valid').length;
  if (findings.some(({ status }) => status !== 'ok')) return findings;
  return [...findings, ok(`${pluralize(valid, 'valid job')}`)];

  function checkJob(job: JobFact, names: readonly string[]): Finding[] {
    const where = [job.file, job.line, job.column].filter((part) => part !== undefined).join(':');
    if (job.kind === 'newer') {
      return [
        warning(job.reason ?? 'of a newer version', {
          where,
          fix: 'use that version of QuickScrape Jobs, or a newer one',
        }),
      ];
    }
    if (job.kind === 'invalid') {
      return [
        problem(job.reason ?? 'not a valid job', {
          where,
          fix: 'quickscrape maintenance repair-jobs --dry-run',
        }),
      ];
    }
    const found = (job.misspelt ?? []).map(({ field, meant }) =>
      warning(`the field ${field} is not known and does nothing; did you mean ${meant}?`, {
        where,
        fix: `rename the field in ${job.file}`,
      }),
    );
    for (const text of job.commandWarnings ?? []) {
      const [field = ''] = text.split(':');
      const fix = `quickscrape job update ${job.id} --${field.replaceAll('_', '-')} COMMAND`;
      found.push(warning(text.replace(/\.$/, ''), { where, fix }));
    }
    const config = job.configName;
    if (config !== undefined && !names.includes(config)) {
      const [close] = closestNames(config, names);
      const message = `names the configuration "${config}", which does not exist`;
      const fix = close
        ? `quickscrape job update ${job.id} --config ${close}`
        : `write configs/${config}.yaml, or: quickscrape job update ${job.id} --config NAME`;
      found.push(job.enabled ? problem(message, { where, fix }) : warning(message, { where, fix }));
    }
    return found;
  }
}
