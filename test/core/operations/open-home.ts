import type * as z from 'zod';
import { writeHolder } from '../../../src/core/lease/lease.ts';
import {
  callOperation,
  type OperationInput,
  type OperationOutput,
} from '../../../src/core/operations/call-operation.ts';
import type { OperationContext } from '../../../src/core/operations/define-operation.ts';
import { OPERATIONS, type OperationName } from '../../../src/core/operations/operations.ts';
import { currentProcessIdentity } from '../../../src/core/process/identity.ts';
import type { Workspace } from '../../../src/core/workspace.ts';
import { it as plainIt } from '../../extend.ts';
import { openTempWorkspace } from '../../temp-workspace.ts';

export const BOOKS = 'url: "http://127.0.0.1:9/"\nselectors:\n  title: h3\n';

export interface OpenHome {
  workspace: Workspace;
  /** Calls an operation and holds its answer against the output it promises. */
  call<N extends OperationName>(
    name: N,
    params: OperationInput<N>,
    context?: OperationContext,
  ): Promise<OperationOutput<N>>;
}

/** `it` whose `workspace` has the configurations `books` and `news`, with a `call` of operations in it. */
export const it = plainIt
  .extend('workspace', async ({ workspace }) => {
    await addConfigs(workspace);
    return workspace;
  })
  .extend('call', ({ workspace }) => checkedCall(workspace));

/** The same for what is no test. */
export async function openHome(): Promise<OpenHome> {
  const workspace = openTempWorkspace();
  await addConfigs(workspace);
  return { workspace, call: checkedCall(workspace) };
}

async function addConfigs({ configs }: Workspace): Promise<void> {
  await configs.write('books', BOOKS);
  await configs.write('news', BOOKS);
}

function checkedCall(workspace: Workspace): OpenHome['call'] {
  return async (name, params, context) => {
    const answer = await callOperation(workspace, name, params, context);
    const { output } = (await OPERATIONS[name]()) as { output: z.ZodObject };
    output.strict().parse(answer);
    return answer;
  };
}

/** The error of a call that must fail. */
export async function refusal(call: Promise<unknown>): Promise<{
  code: string;
  message: string;
  field?: string;
  hint?: string;
  issues?: { path: string; message: string; hint?: string }[];
}> {
  return call.then(
    (answer) => {
      throw new Error(`it was not refused: ${JSON.stringify(answer)}`);
    },
    (error) => error,
  );
}

export const DAILY = { type: 'daily', time: '09:00', timezone: 'Europe/Berlin' } as const;

/** As if this process were the home's scheduler. */
export function announceScheduler({ db, clock }: Workspace): void {
  writeHolder(db, { process: currentProcessIdentity(), since: clock.now(), version: 'test', slots: 4 });
}
