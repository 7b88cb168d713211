import type * as z from 'zod';
import { QuickscrapeError } from '../lib/errors.ts';
import { protoField } from '../lib/proto-field.ts';
import { fieldsError } from '../model/field-errors.ts';
import type { Workspace } from '../workspace.ts';
import type { Operation, OperationContext } from './define-operation.ts';
import { describeExpected } from './describe-expected.ts';
import { OPERATIONS, type OperationName } from './table.ts';

type LoadedOperation<N extends OperationName> = Awaited<ReturnType<(typeof OPERATIONS)[N]>>;

/** What a caller may give: defaults may be left out. */
export type OperationInput<N extends OperationName> = z.input<LoadedOperation<N>['input']>;
/** What a handler is given: checked, with defaults in the place of what was left out. */
export type CheckedInput<N extends OperationName> = z.output<LoadedOperation<N>['input']>;
/** What comes back. */
export type OperationOutput<N extends OperationName> = z.output<LoadedOperation<N>['output']>;

/**
 * Checks `params` against the operation's input and carries it out.
 * @throws QuickscrapeError `invalid_params` with `issues` when the input does not fit, and what the operation throws.
 */
export async function callOperation<N extends OperationName>(
  workspace: Workspace,
  name: N,
  params: OperationInput<N>,
  context: OperationContext = {},
): Promise<OperationOutput<N>> {
  const operation = (await OPERATIONS[name]()) as unknown as Operation;
  const input = operation.input.safeParse(params, { error: describeExpected });
  if (!input.success) throw fieldsError(input.error.issues, params, Object.keys(operation.input.shape));
  const unknownField = protoField(params);
  if (unknownField !== undefined)
    throw new QuickscrapeError('invalid_params', `${unknownField}: unknown field`, { field: unknownField });
  return invokeOperation(workspace, name, input.data as CheckedInput<N>, context);
}

/**
 * The same for a caller that has checked the input itself, as a command has its flags: nothing is made to check it with.
 * @throws what the operation throws
 */
export async function invokeOperation<N extends OperationName>(
  workspace: Workspace,
  name: N,
  input: CheckedInput<N>,
  context: OperationContext = {},
): Promise<OperationOutput<N>> {
  const operation = (await OPERATIONS[name]()) as unknown as Operation;
  await reconcileActiveRuns(workspace);
  return (await operation.handler(workspace, input, context)) as OperationOutput<N>;
}

/**
 * Nobody may look at a run as running whose process died while no scheduler was there to notice; nor is a callback lost
 * that it did not live to make. Where that cannot be written down, what can be read is shown all the same.
 */
async function reconcileActiveRuns(workspace: Workspace): Promise<void> {
  if (!workspace.runs.needsReconciling()) return;
  const { reconcileRuns } = await import('../execution/reconcile-runs.ts');
  try {
    reconcileRuns(workspace);
  } catch (error) {
    if (!(error instanceof QuickscrapeError) || error.code !== 'store_unavailable') throw error;
  }
}
