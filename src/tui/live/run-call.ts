import type { OperationInput } from '../../core/operations/call-operation.ts';
import type { JobOutput } from '../../core/operations/job-output.ts';
import type { OperationName } from '../../core/operations/table.ts';
import type { CallEffect } from '../state/effect.ts';
import type { AnswerEvent, JobBefore } from '../state/event.ts';
import { changesSomething, invokeWithinPolicy } from './call-within-limits.ts';
import type { EffectContext } from './effect-context.ts';
import { readConfigBefore, readJobBefore } from './job-before.ts';
import { toFailure } from './to-failure.ts';
import { waitForStore } from './wait-for-store.ts';

/** Calls an operation as any other face does, and sends its outcome. */
export function runCall(effect: CallEffect, context: EffectContext): void {
  const { send } = context;
  const { name, params, tag, done, quiet } = effect;
  const request = { name, tag, ...(done !== undefined && { done }), ...(quiet && { quiet }) };
  const result = 'job_id' in params ? params.job_id : undefined;
  toOutcome(effect, context).then(
    ({ output, before, wasConfig }) => {
      const jobId = result ?? ('job' in output ? (output.job as JobOutput).id : undefined);
      const was: JobBefore | undefined =
        before === undefined || jobId === undefined ? undefined : { jobId, version: before };
      send({
        kind: 'answer',
        ...request,
        ok: true,
        output,
        ...(was && { was }),
        ...(wasConfig && { wasConfig }),
      } as AnswerEvent);
      // What we did ourselves is shown without waiting for the watcher.
      if (jobId !== undefined && !name.startsWith('get_')) context.live?.touch(jobId);
    },
    (error: unknown) => {
      const failure = toFailure(error);
      send({ kind: 'answer', ...request, ok: false, failure } as AnswerEvent);
      // What is in the way is to be seen before somebody tries again.
      if (failure.code === 'conflict' && result !== undefined) context.live?.touch(result);
    },
  );
}

/** What comes of a call, with what was there right before: once the store can be written, where it is to be. */
async function toOutcome(effect: CallEffect, context: EffectContext) {
  const name: OperationName = effect.name;
  const params = effect.params as OperationInput<OperationName>;
  const { workspace, readOnly } = context;
  if (!readOnly && (await changesSomething(name, params))) await waitForStore(context);
  const before = readJobBefore(workspace, effect);
  const wasConfig = readConfigBefore(workspace, effect);
  const output = await invokeWithinPolicy(context, name, params, { isAlreadyStored: effect.isUndo === true });
  return { output, before, wasConfig };
}
