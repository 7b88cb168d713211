import { expect, it } from 'vitest';
import { COMMAND_HINTS, formatCommandHint, type Hint, type HintId } from '../../../src/core/lib/hints.ts';
import { OPERATION_NAMES } from '../../../src/core/operations/operations.ts';
import { operationHints } from '../../../src/rpc/access/operation-hints.ts';
import { DEFAULT_POLICY } from '../../../src/rpc/access/policy.ts';
import { exposedOperations } from '../../../src/rpc/access/session.ts';

const HINTS = (Object.keys(COMMAND_HINTS) as HintId[]).map(
  (id) => ({ id, job: 'news', run: 'news-1', file: 'news.yaml', config: 'news' }) as Hint,
);
const OPERATION = new RegExp(`\\b(${OPERATION_NAMES.join('|')})\\b`, 'g');

it('a server’s hints name its operations, and a command only where the person has to act', () => {
  const format = operationHints(DEFAULT_POLICY);
  const commands = HINTS.filter((hint) => format(hint).includes('quickscrape'));
  expect(commands.map(({ id }) => id)).toEqual(['fix_job_file']);
});

it('one that only reads names no operation that it does not offer', async () => {
  const policy = { ...DEFAULT_POLICY, readOnly: true };
  const format = operationHints(policy);
  const offered = await exposedOperations(policy);
  // What changes something has failed because it was asked for: such a server refuses it before.
  const reached = HINTS.filter(({ id }) => !REFUSED.includes(id));
  for (const hint of reached)
    for (const [name] of format(hint).matchAll(OPERATION))
      expect({ hint, name, ok: offered.has(name) }).toMatchObject({ ok: true });
});

const REFUSED: readonly HintId[] = [
  'change_job_instead',
  'list_deleted_jobs',
  'new_config',
  'wait_or_cancel',
  'scheduler_is_on',
  'queue_with_scheduler',
];

it('the command line’s name no operation', () => {
  expect(HINTS.filter((hint) => formatCommandHint(hint).match(OPERATION))).toEqual([]);
});
