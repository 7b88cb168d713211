import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What waits for real minutes, or counts to a hundred and more: begun last, it would run alone for minutes. */
const LONGEST = [
  'test/reliability/fault-loop.test.ts',
  'test/real/every-minute.test.ts',
  'test/reliability/contenders.test.ts',
  'test/cli/bad-usage.test.ts',
  'test/reliability/kill-writer.test.ts',
  'test/reliability/scheduler-model.test.ts',
  'test/core/store/store-model.test.ts',
  'test/real/clock-steps.test.ts',
];

/** Begins with the longest test files, as a fresh clone has no record of how long each takes. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = (file: TestSpecification): number => {
      const at = LONGEST.findIndex((name) => file.moduleId.replaceAll('\\', '/').endsWith(name));
      return at === -1 ? LONGEST.length : at;
    };
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other));
  }
}
