import { expect, it } from 'vitest';
import { suppressRepeatedErrors } from '../../../src/core/scheduler/scheduler-log.ts';

it('the same error is logged once a minute with its count; other lines are all logged', () => {
  let now = 0;
  const said: string[] = [];
  const log = suppressRepeatedErrors((level, message) => said.push(`${level} ${message}`), {
    monotonic: () => now,
  });
  for (; now < 59_000; now += 1_000) log('error', 'the disk is full');
  log('error', 'locked');
  log('warn', 'late');
  log('warn', 'late');
  expect(said.splice(0)).toEqual(['error the disk is full', 'error locked', 'warn late', 'warn late']);
  now = 60_000;
  log('error', 'the disk is full');
  log('error', 'the disk is full');
  expect(said.splice(0)).toEqual(['error the disk is full (and 58 more times since)']);
  now = 300_000;
  log('error', 'locked');
  expect(said).toEqual(['error locked']);
});
