import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Operation } from '../../../src/core/operations/define-operation.ts';
import { DEFAULT_POLICY } from '../../../src/rpc/access/policy.ts';
import { exposedOperations } from '../../../src/rpc/access/session.ts';
import { convertInput, convertOperations } from '../../../src/rpc/mcp/convert-operations.ts';
import { withoutFields } from '../../../src/rpc/mcp/optional-tools.ts';
import { TOOL_FACTS_FILE } from '../../../src/rpc/mcp/tool-facts.ts';
import { connect } from '../../rpc/mcp/mcp-clients.ts';
import { tempFolder } from '../../temp-folder.ts';

const plain = (value: unknown) => JSON.parse(JSON.stringify(value));

it('the build has what the sources say of each operation', async () => {
  const built = JSON.parse(readFileSync(`dist/${TOOL_FACTS_FILE}`, 'utf8'));
  expect(built).toEqual(plain(await convertOperations()));
});

/** Listed only in a home with workers, channels or kept values, or for a person who chose it. */
const isOptional = ({ name }: Operation) => /worker|channel|message|metrics|report|history/.test(name);

it.each([
  [{}, []],
  [{ allowCommands: true }, ['--allow-commands']],
  [{ readOnly: true }, ['--read-only']],
  [{ readOnly: true, allowTrials: true }, ['--read-only', '--allow-trials']],
  [{ excludedTools: ['list_jobs'] }, ['--exclude-tools', 'list_jobs']],
])('a built server lists the inputs that the sources convert (%j)', async (limits, flags) => {
  const policy = { ...DEFAULT_POLICY, ...limits };
  const client = await connect('legacy', tempFolder(), { flags });
  const tools = (await client.tools()).map(({ name, inputSchema }) => [name, inputSchema]);
  const offered = [...(await exposedOperations(policy)).values()].filter((one) => !isOptional(one));
  expect(tools).toEqual(
    plain(
      offered.map((operation) => [
        operation.name,
        withoutFields(convertInput(operation, policy), ['notify', 'worker', 'params']),
      ]),
    ),
  );
});
