import { expect, it } from 'vitest';
import { type ActiveRun, decideOverlap, type OverlapPolicy } from '../../../src/core/schedule/overlap.ts';

const run = (status: ActiveRun['status'], runId = status[0] ?? ''): ActiveRun => ({ runId, status });
const RUNNING = [run('running')];
const STARTING = [run('starting')];
const QUEUED = [run('queued')];
const RETRYING = [run('waiting_retry')];
const BOTH = [run('running'), run('queued')];

it.each<[OverlapPolicy, string, ActiveRun[], string]>([
  ['skip', 'no run', [], 'start'],
  ['skip', 'a running one', RUNNING, 'skip: still running: run r'],
  ['skip', 'one that is being started', STARTING, 'skip: still running: run s'],
  ['skip', 'a queued one', QUEUED, 'skip: run q is queued and has not started yet'],
  ['skip', 'one between attempts', RETRYING, 'skip: run w has not finished: it waits for its retry'],
  ['queue', 'no run', [], 'start'],
  ['queue', 'a running one', RUNNING, 'start'],
  ['queue', 'one between attempts', RETRYING, 'start'],
  ['queue', 'a queued one', QUEUED, 'skip: run q is queued and has not started yet'],
  ['queue', 'a running and a queued one', BOTH, 'skip: still running: run r, and run q is already queued'],
  ['cancel_running', 'no run', [], 'start'],
  ['cancel_running', 'a running one', RUNNING, 'start in place of r'],
  ['cancel_running', 'one between attempts', RETRYING, 'start in place of w'],
  ['cancel_running', 'a running and a queued one', BOTH, 'start in place of r, q'],
  ['allow', 'no run', [], 'start'],
  ['allow', 'a running and a queued one', BOTH, 'start'],
])('an occurrence under %s, with %s: %#', (policy, _with, active, expected) => {
  expect(describeDecision(decideOverlap(policy, active))).toBe(expected);
});

function describeDecision(decision: ReturnType<typeof decideOverlap>): string {
  switch (decision.action) {
    case 'start':
      return 'start';
    case 'skip':
      return `skip: ${decision.reason}`;
    default:
      return `start in place of ${decision.cancel.join(', ')}`;
  }
}
