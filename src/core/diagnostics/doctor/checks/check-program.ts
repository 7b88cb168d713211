import { createFindings, type Finding } from '../finding.ts';

export interface ProgramFacts {
  version: string;
  /** `20.19.0` */
  nodeVersion: string;
  /** Why the database library cannot be loaded; `undefined` when it can. */
  libsqlError: string | undefined;
}

/** The oldest Node that is supported (package.json, engines). */
const MIN_NODE_VERSION = [20, 19] as const;

/** Whether this program can work at all here: its Node and its one native library. */
export function checkProgram({ version, nodeVersion, libsqlError }: ProgramFacts): Finding[] {
  const { ok, problem } = createFindings('program');
  const [major = 0, minor = 0] = nodeVersion.split('.').map(Number);
  const [oldest, since] = MIN_NODE_VERSION;
  const findings: Finding[] = [];
  if (major < oldest || (major === oldest && minor < since)) {
    findings.push(
      problem(`Node ${nodeVersion} is older than ${oldest}.${since}`, {
        fix: `install Node ${oldest}.${since} or newer from https://nodejs.org`,
      }),
    );
  }
  if (libsqlError !== undefined) {
    findings.push(
      problem(`the database library libsql cannot be loaded: ${libsqlError}`, {
        fix: 'install QuickScrape again and do not omit optional dependencies (npm ci in its folder)',
      }),
    );
  }
  return findings.length > 0 ? findings : [ok(`version ${version} on Node ${nodeVersion}; libsql loads`)];
}
