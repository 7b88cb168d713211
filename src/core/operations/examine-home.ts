import * as z from 'zod';
import { examineHomeText } from '../configs/scraper-client.ts';
import { replaceMarkedCommands } from '../diagnostics/doctor/marked-commands.ts';
import { programCommand } from '../lib/installation.ts';
import { defineOperation, type OperationContext, READ_ONLY } from './define-operation.ts';

export const examineHome = defineOperation({
  name: 'examine_home',
  title: 'Examine the home',
  description:
    'Problems of the home and its machine: files, permissions, database, scheduler, settings, configurations, disk, ' +
    'browser; each with its fix.',
  input: () => z.strictObject({}),
  output: () =>
    z.object({
      ok: z.boolean().describe('Nothing keeps jobs from working; warnings do not count'),
      problems: z.int(),
      warnings: z.int(),
      passed: z.int().describe('Checks without a finding; they are not listed'),
      findings: z.array(
        z.object({
          check: z.string(),
          status: z.enum(['problem', 'warning']),
          message: z.string(),
          where: z.string().optional().describe('The file, with line and column'),
          fix: z.string().optional().describe('An operation to call, or what the person does'),
        }),
      ),
    }),
  annotations: READ_ONLY,
  errors: [],
  async handler(workspace, _, { signal, offers }) {
    const { findings } = await examineHomeText(workspace.paths.home, { signal });
    const of = (wanted: string) => findings.filter(({ status }) => status === wanted);
    const [problems, warnings] = [of('problem'), of('warning')];
    const name = (text: string) => replaceMarkedCommands(text, (line) => nameCommand(line, offers));
    return {
      ok: problems.length === 0,
      problems: problems.length,
      warnings: warnings.length,
      passed: findings.length - problems.length - warnings.length,
      findings: [...problems, ...warnings].map(({ check, status, message, where, fix }) => ({
        check,
        status: status === 'problem' ? ('problem' as const) : ('warning' as const),
        message: name(message),
        ...(where !== undefined && { where }),
        ...(fix !== undefined && { fix: name(fix) }),
      })),
    };
  },
});

/** Commands as operations. `$1` is what the first group matched. Other commands are only for the person. */
const OPERATIONS_OF_COMMANDS: readonly [RegExp, string, string][] = [
  [/^scheduler start(?: --daemon)?$/, 'start_scheduler', 'start_scheduler'],
  [/^scheduler restart$/, 'start_scheduler', 'stop_scheduler, then start_scheduler'],
  [/^scheduler stop --force$/, 'stop_scheduler', 'stop_scheduler {"force":true}'],
  [/^scheduler stop$/, 'stop_scheduler', 'stop_scheduler'],
  [/^scheduler status$/, 'get_scheduler', 'get_scheduler'],
  [/^job update (\S+) --enable$/, 'update_job', 'update_job {"job_id":"$1","changes":{"enabled":true}}'],
  [
    /^job update (\S+) --config (\S+)$/,
    'update_job',
    'update_job {"job_id":"$1","changes":{"config_name":"$2"}}',
  ],
  [
    /^job update JOB --keep-runs (\d+)$/,
    'update_job',
    'update_job {"job_id":"…","changes":{"keep_runs":$1}}',
  ],
  [/^job (?:logs|history) (\S+)$/, 'list_runs', 'list_runs {"job_id":"$1"}'],
  [/^job cancel (\S+)$/, 'cancel_run', 'cancel_run {"run_id":"$1"}'],
  [/^validate (\S+)$/, 'test_config', 'test_config {"config_name":"$1"}'],
  [/^config list$/, 'get_settings', 'get_settings'],
  [/^config set timezone (\S+)$/, 'set_setting', 'set_setting {"name":"timezone","value":"$1"}'],
  [/^worker list$/, 'list_workers', 'list_workers'],
  [/^worker revoke (\S+)$/, 'revoke_worker', 'revoke_worker {"name":"$1"}'],
];

/** @param line a command without the name of the program */
export function nameCommand(line: string, offers: OperationContext['offers']): string {
  for (const [pattern, operation, call] of OPERATIONS_OF_COMMANDS)
    if (pattern.test(line) && offers?.(operation) !== false) return line.replace(pattern, call);
  return `the person runs: ${programCommand()} ${line}`;
}
