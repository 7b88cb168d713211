import type { ExamineResponse } from '../../core/configs/examined-home.ts';
import { readHomeEnvironment } from '../../core/configs/home-environment.ts';
import type { ExamineRequest } from '../../core/configs/scraper-protocol.ts';
import { markCommand } from '../../core/diagnostics/doctor/marked-commands.ts';
import { runDoctorChecks } from '../../core/diagnostics/doctor/run-doctor-checks.ts';
import { resolveHome } from '../../core/fs/paths.ts';
import { type ConfigIssue, examineConfig } from '../config/parse-config.ts';

/**
 * Examines a home as `quickscrape doctor` does. The commands in its fixes are marked, so that an interface can name
 * its own words for them.
 */
export async function examineHome({ home }: ExamineRequest): Promise<ExamineResponse> {
  const paths = resolveHome({ home });
  const { env } = readHomeEnvironment(paths);
  const validate = (yaml: string, file: string) => examineWithoutValues(yaml, file, env);
  return { findings: await runDoctorChecks(paths, validate, markCommand) };
}

/** The findings are for clients, so an error must not depend on the value of a variable: it could reveal the value. */
function examineWithoutValues(yaml: string, file: string, env: NodeJS.ProcessEnv): readonly ConfigIssue[] {
  const { issues, facts } = examineConfig(yaml, file, env, { forRun: true });
  const isValueSeen = facts === null || facts.variables.length > 0;
  if (!isValueSeen || issues.every(({ severity }) => severity === 'warning')) return issues;
  const errors = examineConfig(yaml, file, {}, { forRun: true }).issues;
  return [
    ...issues.filter(({ isUnsetVariable }) => isUnsetVariable),
    ...errors.filter(({ severity, isUnsetVariable }) => severity === 'error' && !isUnsetVariable),
  ];
}
