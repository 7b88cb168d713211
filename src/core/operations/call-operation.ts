import type * as z from 'zod';
import { QuickscrapeError } from '../lib/errors.ts';
import { protoField } from '../lib/json.ts';
import { late } from '../lib/late-modules.ts';
import { describeExpected, fieldsError } from '../model/input-errors.ts';
import type { Workspace } from '../workspace.ts';
import type { Operation, OperationContext } from './define-operation.ts';
import { OPERATIONS, type OperationName } from './operations.ts';

const loadReconcileRuns = late(() => import('../execution/reconcile-runs.ts'));

type LoadedOperation<N extends OperationName> = Awaited<ReturnType<(typeof OPERATIONS)[N]>>;

/** The input that a caller gives: fields with defaults may be omitted. */
export type OperationInput<N extends OperationName> = z.input<LoadedOperation<N>['input']>;
/** The input that a handler receives: validated, with defaults for omitted fields. */
export type CheckedInput<N extends OperationName> = z.output<LoadedOperation<N>['input']>;
/** The result of an operation. */
export type OperationOutput<N extends OperationName> = z.output<LoadedOperation<N>['output']>;

/**
 * Validates `params` against the operation's input and runs the operation.
 * @throws QuickscrapeError `invalid_params` with `issues` when the input is invalid, and the operation's own errors
 */
export async function callOperation<N extends OperationName>(
  workspace: Workspace,
  name: N,
  params: OperationInput<N>,
  context: OperationContext = {},
): Promise<OperationOutput<N>> {
  const operation = (await OPERATIONS[name]()) as unknown as Operation;
  const input = operation.input.safeParse(params, { error: describeExpected });
  if (!input.success)
    throw fieldsError(input.error.issues, params, Object.keys(operation.input.shape), operation.input);
  const unknownField = protoField(params);
  if (unknownField !== undefined)
    throw new QuickscrapeError('invalid_params', `${unknownField}: unknown field`, { field: unknownField });
  return invokeOperation(workspace, name, input.data as CheckedInput<N>, context);
}

/**
 * Runs an operation whose input the caller has already validated, as a command does with its flags. No validation
 * schema is created.
 * @throws the operation's own errors
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
 * Reconciles runs first, so that a run whose process died without a scheduler is never reported as running and its
 * callback is still sent. If the result cannot be written, the operation still runs on what can be read.
 */
async function reconcileActiveRuns(workspace: Workspace): Promise<void> {
  try {
    if (!workspace.runs.needsReconciling()) return;
    const { reconcileRuns } = await loadReconcileRuns();
    reconcileRuns(workspace);
  } catch (error) {
    if (!(error instanceof QuickscrapeError) || error.code !== 'store_unavailable') throw error;
  }
}
