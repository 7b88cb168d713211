import { type FileWatcher, watchFile } from '../../core/fs/file-watcher.ts';
import { readRegularFile, UnreadableFileError } from '../../core/fs/read-regular-file.ts';
import type { EffectContext, Unsubscribe } from './effect-context.ts';
import { type Environment, userFilePath } from './user-file-path.ts';

const MAX_BYTES = 1024 * 1024;

/** The user's key file as it was read. */
export interface KeyFileText {
  /** `undefined` without a file. */
  readonly text: string | undefined;
  /** Why the file cannot be read. */
  readonly problem?: string;
}

/** The path of the user's key file: `quickscrape/keys.yaml` in `$XDG_CONFIG_HOME`, by default `~/.config`. */
export function keyFilePath(env: Environment): string {
  return userFilePath('XDG_CONFIG_HOME', 'keys.yaml', env);
}

/** Reads the user's key file. It is never written. */
export function readKeyText(file: string): KeyFileText {
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
 * Sends the key file after each change, and once at the beginning: it may have changed since the dashboard read it. The
 * first frame does not wait for this.
 */
export function watchKeyFile(
  { send, fail }: Pick<EffectContext, 'send' | 'fail'>,
  file: string = keyFilePath(process.env),
): Unsubscribe {
  let watcher: FileWatcher | undefined;
  let ended = false;
  const tell = () => {
    if (!ended) send({ kind: 'key_file', ...readKeyText(file) });
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
