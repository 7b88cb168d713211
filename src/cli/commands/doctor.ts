import type { Command } from 'commander';
import { leafCommand, onCommand } from '../context/define-command.ts';
import { EXIT } from '../context/exit-codes.ts';

export function doctorCommand(): Command {
  const command = leafCommand('doctor', {
    description:
      'Examine the home and the system around it, and say what to do about what is wrong. Changes nothing. Exits 1 when something keeps jobs from working; warnings alone do not count.',
    json: '{ ok, findings }: each with check, status (ok, warning, problem), message, fix, where',
    examples: [
      ['doctor', 'what is wrong, and how to mend it'],
      [`doctor --json | jq '.findings[] | select(.status != "ok")'`, 'for a script'],
    ],
  });
  return onCommand<[], object>(command, async (context) => {
    const [{ runDoctorChecks }, { checkConfig }, { readHomeEnvironment }, { resolveHome }] =
      await Promise.all([
        import('../../core/diagnostics/doctor/run-doctor-checks.ts'),
        import('../../scrape/config/parse-config.ts'),
        import('../../scrape/config/home-environment.ts'),
        import('../../core/fs/paths.ts'),
      ]);
    const paths = resolveHome({ home: context.globals.home });
    const { env } = readHomeEnvironment(paths);
    const findings = await runDoctorChecks(paths, (yaml, file) =>
      checkConfig(yaml, file, env, { forRun: true }),
    );
    const ok = findings.every(({ status }) => status !== 'problem');
    await context.print({ ok, findings }, async () => {
      const { formatFindings } = await import('../render/format-findings.ts');
      return formatFindings(findings, context.out);
    });
    return ok ? EXIT.done : EXIT.failed;
  });
}
