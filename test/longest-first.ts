import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * What waits for real minutes, or counts to a hundred and more: begun last, it would run alone for minutes. What waits
 * and what computes by turns, so that the cores are not idle.
 */
export const SLOWEST_FILES: readonly string[] = [
  'test/real/every-minute.slow.test.ts',
  'test/bench/smoke.slow.test.ts',
  'test/reliability/fault-loop.slow.test.ts',
  'test/reliability/power-loss.slow.test.ts',
  'test/rpc/mcp/inspector.slow.test.ts',
  'test/reliability/policies.slow.test.ts',
  'test/rpc/mcp/conformance.slow.test.ts',
  'test/reliability/contenders.slow.test.ts',
  'test/reliability/kill-writer.slow.test.ts',
  'test/reliability/corrupt-database.slow.test.ts',
  'test/reliability/hindered-runs.slow.test.ts',
  'test/real/postgresql-manual.slow.test.ts',
  'test/reliability/recovery-matrix.slow.test.ts',
  'test/real/clock-steps.slow.test.ts',
  'test/core/jobs/store-model.slow.test.ts',
  'test/reliability/scheduler-faults.slow.test.ts',
  'test/rpc/mcp/injection.slow.test.ts',
  'test/core/operations/test-config.slow.test.ts',
  'test/core/operations/checked-runs.slow.test.ts',
  'test/reliability/scheduler-model.test.ts',
  'test/readme.slow.test.ts',
];

/**
 * Begins with the longest test files, as a fresh clone has no record of how long each takes; then those that need a
 * process of their own, as a shared worker ends when the next file cannot use it.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = (file: TestSpecification): number => {
      const at = SLOWEST_FILES.findIndex((name) => file.moduleId.replaceAll('\\', '/').endsWith(name));
      return at === -1 ? SLOWEST_FILES.length : at;
    };
    const shares = ({ project }: TestSpecification): number => Number(!project.config.isolate);
    return (await super.sort(files)).toSorted(
      (one, other) => shares(one) - shares(other) || rank(one) - rank(other),
    );
  }
}
