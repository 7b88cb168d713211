import { callOperation, type OperationInput } from '../../core/operations/call-operation.ts';
import type { OperationName } from '../../core/operations/table.ts';
import type { CallEffect } from '../state/effect.ts';
import type { AnswerEvent } from '../state/event.ts';
import { failureOf } from './failure.ts';
import type { Surroundings } from './surroundings.ts';

/** Calls an operation as any other face does, and sends its outcome. */
export function callForAnswer(effect: CallEffect, surroundings: Surroundings): void {
  const { workspace, send } = surroundings;
  const { name, params, tag, done, quiet } = effect;
  const asked = { name, tag, ...(done !== undefined && { done }), ...(quiet && { quiet }) };
  callOperation(workspace, name as OperationName, params as OperationInput<OperationName>).then(
    (output) => {
      send({ kind: 'answer', ...asked, ok: true, output } as AnswerEvent);
      const jobId = 'job_id' in params ? params.job_id : undefined;
      // What we did ourselves is shown without waiting for the watcher.
      if (typeof jobId === 'string' && !name.startsWith('get_')) surroundings.live?.touch(jobId);
    },
    (error: unknown) =>
      send({ kind: 'answer', ...asked, ok: false, failure: failureOf(error) } as AnswerEvent),
  );
}
