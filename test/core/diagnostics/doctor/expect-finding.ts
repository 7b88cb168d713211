import { expect } from 'vitest';
import type { Finding } from '../../../../src/core/diagnostics/doctor/finding.ts';

export const NOW = Date.UTC(2026, 10, 25, 9);
export const HOUR = 3_600_000;
export const MIB = 1024 * 1024;

/** What a check is to find. What is not well must have a fix of one line. */
export function expectFinding(findings: Finding[], status: Finding['status'], message: RegExp | string) {
  for (const finding of findings.filter((one) => one.status !== 'ok')) {
    expect(finding.fix, finding.message).toMatch(/^[^\n]+$/);
  }
  expect(findings.map((one) => `${one.status}: ${one.message}`)).toContainEqual(
    typeof message === 'string'
      ? `${status}: ${message}`
      : expect.stringMatching(new RegExp(`^${status}: .*${message.source}`)),
  );
}
