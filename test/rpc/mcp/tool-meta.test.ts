import { expect, it } from 'vitest';
import { convertOperations } from '../../../src/rpc/mcp/convert-operations.ts';
import { tempFolder } from '../../temp-folder.ts';
import { openTempWorkspace } from '../../temp-workspace.ts';
import { connect } from './mcp-clients.ts';

interface Tool {
  name: string;
  _meta?: { 'anthropic/searchHint'?: string };
}

it('tools carry the words that people use for them, where their own words are others', async () => {
  const home = tempFolder();
  openTempWorkspace({ home });
  const client = await connect('legacy', home);
  const tools = (await client.tools()) as unknown as Tool[];
  const hints = new Map(tools.map(({ name, _meta }) => [name, _meta?.['anthropic/searchHint']]));
  // What it asks for, and what only the hint says.
  expect(hints.get('explain_run')).toMatch(/why.*job.*fail/);
  const facts = await convertOperations();
  for (const [name, hint] of hints) {
    if (hint === undefined) continue;
    expect(hint.length).toBeLessThanOrEqual(80);
    const { description = '' } = facts.find((one) => one.name === name) ?? {};
    const own = `${name} ${description}`.toLowerCase();
    const added = hint.split(/[ ,]+/).filter((word) => !own.includes(word.toLowerCase()));
    expect([name, added.length]).toEqual([name, expect.toSatisfy((count: number) => count >= 2)]);
  }
});
