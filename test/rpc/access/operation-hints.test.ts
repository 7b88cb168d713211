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
  const format = operationHints(new Set(OPERATION_NAMES));
  const commands = HINTS.filter((hint) => format(hint).includes('quickscrape'));
  expect(commands.map(({ id }) => id)).toEqual(['lower_free_space', 'fix_job_file']);
});

it('name no operation that a server does not offer', async () => {
  for (const limits of [
    { readOnly: true },
    { tools: ['get_job', 'list_runs'] },
    { excludedTools: ['get_job'] },
  ]) {
    const offered = await exposedOperations({ ...DEFAULT_POLICY, ...limits });
    const format = operationHints(offered);
    for (const hint of HINTS)
      for (const [name] of format(hint).matchAll(OPERATION))
        expect({ hint, name, ok: offered.has(name) }).toMatchObject({ ok: true });
  }
});

it('the command line’s name no operation', () => {
  expect(HINTS.filter((hint) => formatCommandHint(hint).match(OPERATION))).toEqual([]);
});
