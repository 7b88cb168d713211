import { QuickscrapeError } from '../../core/lib/errors.ts';
import {
  callOperation,
  type OperationInput,
  type OperationOutput,
} from '../../core/operations/call-operation.ts';
import type { OperationContext } from '../../core/operations/define-operation.ts';
import { OPERATIONS, type OperationName } from '../../core/operations/table.ts';
import type { EffectContext } from './effect-context.ts';

/**
 * Calls an operation; with `--read-only` none that changes something, whatever action asked for it.
 * @throws QuickscrapeError `not_allowed`, and what the operation throws
 */
export async function invokeWithinPolicy<N extends OperationName>(
  { workspace, readOnly }: EffectContext,
  name: N,
  params: OperationInput<N>,
  context: OperationContext = {},
): Promise<OperationOutput<N>> {
  if (readOnly && (await changesSomething(name, params)))
    throw new QuickscrapeError('not_allowed', `${name}: the dashboard was opened with --read-only.`, {
      hint: 'Open it without, to change something.',
    });
  return callOperation(workspace, name, params, context);
}

/** Whether a call is one that changes something. */
export async function changesSomething(name: OperationName, params: object): Promise<boolean> {
  return !isDryRun(params) && !(await OPERATIONS[name]()).annotations.readOnlyHint;
}

function isDryRun(params: object): boolean {
  return 'dry_run' in params && params.dry_run === true;
}
