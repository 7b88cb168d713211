import { expect, it } from 'vitest';
import type { Operation } from '../../../src/core/operations/define-operation.ts';
import { OPERATION_NAMES, OPERATIONS } from '../../../src/core/operations/operations.ts';
import { DEFAULT_POLICY, type Policy } from '../../../src/rpc/access/policy.ts';
import { exposedOperations } from '../../../src/rpc/access/session.ts';
import { isSelected, TOOLSETS } from '../../../src/rpc/access/tool-selection.ts';

const all = async () => (await Promise.all(Object.values(OPERATIONS).map((load) => load()))) as Operation[];
const offered = async (limits: Partial<Policy>) => [
  ...(await exposedOperations({ ...DEFAULT_POLICY, ...limits })).keys(),
];

it('offers everything without a selection', async () => {
  expect(await offered({})).toEqual(OPERATION_NAMES);
});

it('offers what is named, in the order of the table', async () => {
  expect(await offered({ tools: ['get_run', 'list_jobs'] })).toEqual(['list_jobs', 'get_run']);
});

it('adds groups to what is named, and takes away what is excluded', async () => {
  const limits = {
    tools: ['list_jobs'],
    toolsets: ['scheduler'],
    excludedTools: ['stop_scheduler'],
  } as const;
  expect(await offered(limits)).toEqual(['list_jobs', 'get_scheduler', 'start_scheduler']);
  expect(await offered({ excludedTools: ['list_jobs'] })).toEqual(OPERATION_NAMES.slice(1));
});

it('never offers more than the other flags allow', async () => {
  const reading = await offered({ readOnly: true });
  expect(await offered({ readOnly: true, tools: ['create_job', 'list_jobs'] })).toEqual(['list_jobs']);
  for (const set of TOOLSETS)
    expect(reading).toEqual(expect.arrayContaining(await offered({ readOnly: true, toolsets: [set] })));
});

it('has each operation in one group, and those that only read in one more', async () => {
  for (const operation of await all()) {
    const sets = TOOLSETS.filter((set) =>
      isSelected(operation, { tools: [], toolsets: [set], excludedTools: [] }),
    );
    expect({ name: operation.name, sets: sets.filter((set) => set !== 'read') }).toMatchObject({
      sets: [expect.any(String)],
    });
    expect({ name: operation.name, reads: sets.includes('read') }).toEqual({
      name: operation.name,
      reads: operation.annotations.readOnlyHint,
    });
  }
});
