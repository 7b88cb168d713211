import type { CommandContext } from '../../context/context.ts';

/** The whole id of the job that an id or the unique beginning of one names. */
export async function resolveJobId(context: CommandContext, idOrPrefix: string): Promise<string> {
  return (await context.workspace()).jobs.find(idOrPrefix).id;
}

/** The whole id of the run that an id or the unique beginning of one names. */
export async function resolveRunId(context: CommandContext, idOrPrefix: string): Promise<string> {
  return (await context.workspace()).runs.find(idOrPrefix).runId;
}
