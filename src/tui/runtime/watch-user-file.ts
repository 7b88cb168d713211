import { type FileWatcher, watchFile } from '../../core/fs/file-watcher.ts';
import { readRegularFile, UnreadableFileError } from '../../core/fs/read-regular-file.ts';
import { type Environment, userFilePath } from '../../core/fs/user-file-path.ts';
import type { EffectContext, Unsubscribe } from './effect-context.ts';

const MAX_BYTES = 1024 * 1024;

/** A file of the user as it was read. */
export interface UserFileText {
  /** `undefined` without a file. */
  readonly text: string | undefined;
  /** Why the file cannot be read. */
  readonly problem?: string;
}

/** The files of the user, by the kind of the subscription that follows each. */
const FILE_NAMES = { key_file: 'keys.yaml', command_file: 'commands.yaml' } as const;

type UserFile = keyof typeof FILE_NAMES;

/** The path of a file of the user: `quickscrape/keys.yaml` in `$XDG_CONFIG_HOME`, by default `~/.config`. */
export function configFilePath(kind: UserFile, env: Environment): string {
  return userFilePath('XDG_CONFIG_HOME', FILE_NAMES[kind], env);
}

/** Reads a file of the user. It is never written. */
export function readUserFile(file: string): UserFileText {
  try {
    return { text: readRegularFile(file, MAX_BYTES).toString('utf8') };
  } catch (error) {
    if (error instanceof UnreadableFileError) return { text: undefined, problem: error.message };
    const { code, message } = error as NodeJS.ErrnoException;
    const exists = code !== 'ENOENT' && code !== 'ENOTDIR';
    return { text: undefined, ...(exists && { problem: `cannot read ${file}: ${message}` }) };
  }
}

/**
 * Sends a file of the user after each change, and once at the beginning: it may have changed since the dashboard read
 * it. The first frame does not wait for this.
 */
export function watchUserFile(
  kind: UserFile,
  { send, fail }: Pick<EffectContext, 'send' | 'fail'>,
  file: string = configFilePath(kind, process.env),
): Unsubscribe {
  let watcher: FileWatcher | undefined;
  let ended = false;
  const tell = () => {
    if (!ended) send({ kind, ...readUserFile(file) });
  };
  const opening = setImmediate(() => {
    watcher = watchFile(file, tell);
    watcher.ready.then(tell).catch(fail);
  });
  return async () => {
    ended = true;
    clearImmediate(opening);
    await watcher?.close();
  };
}
