import { existsSync } from 'node:fs';
import { availableParallelism, homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { text as readText } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { readRegularFile } from '../../core/fs/read-regular-file.ts';
import { wrapUnavailable } from '../../core/fs/system-errors.ts';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import { programFile } from '../../core/lib/program.ts';
import { sanitizeText } from '../../core/lib/sanitize-text.ts';
import type { ServiceManager } from '../../core/process/service-manager.ts';
import { decodeInvitation } from '../../workers/protocol/invitation.ts';
import type { CommandContext } from '../context/context.ts';
import { EXIT } from '../context/exit-codes.ts';
import { hasServiceManager } from './run-in-foreground.ts';

export interface StartWorkerFlags {
  joinFile?: string;
  slots?: number;
  dir?: string;
  allowPrivate?: string[];
  redisPasswordFile?: string;
}

const MAX_INVITATION_BYTES = 65_536;
const MAX_PASSWORD_BYTES = 4_096;
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
    joinFile === undefined ? await readText(process.stdin) : readSecret(joinFile, MAX_INVITATION_BYTES);
  const invitation = decodeInvitation(text);
  const folder = resolve(flags.dir ?? join(homedir(), '.quickscrape-worker', invitation.name));
  const password = readPassword(flags);
  // No configuration may read it, on any system.
  delete process.env[PASSWORD];
  const { runWorker } = (await import(
    pathToFileURL(programFile('workers')).href
  )) as typeof import('../../workers/open-executor.ts');
  const log = (level: string, message: string) =>
    context.printMessage(`${new Date().toISOString()} ${level} ${sanitizeText(message)}`);
  const managed = hasServiceManager() ? await import('./managed-service.ts') : undefined;
  let manager: ServiceManager | undefined;
  const end = await runWorker(
    {
      invitation,
      password,
      slots: flags.slots ?? availableParallelism(),
      folder,
      allowPrivate,
      log,
      onDraining: () => manager?.stopping(),
    },
    (worker) => {
      manager = managed?.openServiceManager(managed.managedWorker(worker), log);
      let signals = 0;
      context.interrupt.handle((code) => {
        signals += 1;
        // Its run processes end with it.
        if (signals > 2) process.exit(code);
        worker.drain();
      });
    },
  );
  manager?.close();
  return end === 'refused' ? EXIT.notFound : EXIT.done;
}

/**
 * Reads the password of Redis; undefined for none. In the environment, other processes of this user could read it in
 * /proc even after it was deleted here, so a file takes precedence.
 * @throws QuickscrapeError `store_unavailable`; `invalid_params` when the file has several lines
 */
function readPassword({ redisPasswordFile: file }: StartWorkerFlags): string | undefined {
  if (file === undefined) return process.env[PASSWORD];
  const password = readSecret(file, MAX_PASSWORD_BYTES).replace(/\r?\n$/, '');
  if (/[\r\n]/.test(password)) {
    throw new QuickscrapeError('invalid_params', `${file} has several lines, and a password is one line`, {
      field: 'redis_password_file',
      hint: 'Write only the password of Redis into it. An empty file stands for no password.',
    });
  }
  return password === '' ? undefined : password;
}

/** @throws QuickscrapeError `invalid_params` when there is no such file; `store_unavailable` */
function readSecret(file: string, maxBytes: number): string {
  if (!existsSync(file)) {
    throw new QuickscrapeError('invalid_params', `there is no file ${resolve(file)}`, {
      hint: 'Check the path, and that this user may look into its folders.',
    });
  }
  return wrapUnavailable(`cannot read ${file}`, () =>
    readRegularFile(resolve(file), maxBytes).toString('utf8'),
  );
}
