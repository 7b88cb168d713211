import { availableParallelism, homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { text as readText } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { readRegularFile } from '../../core/fs/read-regular-file.ts';
import { wrapUnavailable } from '../../core/fs/system-errors.ts';
import { programFile } from '../../core/lib/program.ts';
import { sanitizeText } from '../../core/lib/sanitize-text.ts';
import { decodeInvitation } from '../../workers/protocol/invitation.ts';
import type { CommandContext } from '../context/context.ts';
import { EXIT } from '../context/exit-codes.ts';

export interface StartWorkerFlags {
  joinFile?: string;
  slots?: number;
  dir?: string;
  allowPrivate?: string[];
}

const MAX_INVITATION_BYTES = 65_536;
const PASSWORD = 'QUICKSCRAPE_REDIS_PASSWORD';

/**
 * Works for the home of an invitation until it is drained.
 * @returns 0 when it was drained, 3 when the home refuses it
 * @throws QuickscrapeError `invalid_params` for an invitation that cannot be used; `conflict` when another worker uses
 *   the folder; `store_unavailable`
 */
export async function startWorker(context: CommandContext, flags: StartWorkerFlags): Promise<number> {
  const { joinFile, allowPrivate = [] } = flags;
  const text =
    joinFile === undefined
      ? await readText(process.stdin)
      : wrapUnavailable(`cannot read ${joinFile}`, () =>
          readRegularFile(resolve(joinFile), MAX_INVITATION_BYTES).toString('utf8'),
        );
  const invitation = decodeInvitation(text);
  const folder = resolve(flags.dir ?? join(homedir(), '.quickscrape-worker', invitation.name));
  const password = process.env[PASSWORD];
  // No configuration may read it, on any system.
  delete process.env[PASSWORD];
  const { runWorker } = (await import(
    pathToFileURL(programFile('workers')).href
  )) as typeof import('../../workers/open-executor.ts');
  const end = await runWorker(
    {
      invitation,
      password,
      slots: flags.slots ?? availableParallelism(),
      folder,
      allowPrivate,
      log: (level, message) =>
        context.printMessage(`${new Date().toISOString()} ${level} ${sanitizeText(message)}`),
    },
    (drain) => context.interrupt.handle(drain),
  );
  return end === 'refused' ? EXIT.notFound : EXIT.done;
}
