import { expect, it } from 'vitest';
import { normalizeResult } from '../../../src/rpc/mcp/line-transport.ts';

it.each(['', 'Invalid result for elicitation/create: '])(
  'says in words, and in the shape of all answers, that a question to the person failed (%s)',
  (what) => {
    const issues = [
      { code: 'invalid_value', path: ['action'], message: 'must be accept, decline or cancel' },
    ];
    const text = `Fulfilling input required by 'tools/call' failed: ${what}${JSON.stringify(issues)}`;
    const said = normalizeResult({ isError: true, content: [{ type: 'text', text }] });
    expect(said).toMatchObject({
      isError: true,
      structuredContent: {
        error: {
          code: 'not_allowed',
          message: expect.stringMatching(/^the person could not be asked.*action: must/),
        },
      },
    });
    expect(JSON.stringify(said)).not.toContain('invalid_value');
  },
);

it('leaves any other result as it is', () => {
  const answer = { content: [], structuredContent: { summary: 'Done.' } };
  expect(normalizeResult(answer)).toBe(answer);
});
