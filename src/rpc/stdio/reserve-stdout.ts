/** The process's stdout, reserved for the protocol. */
export interface ProtocolOutput {
  /**
   * Writes whole messages with their framing. Never throws; does nothing after the reader has gone.
   * @param more whether more messages follow: the text is then held for a moment and written together with them
   */
  write(text: string, more?: boolean): void;
  /** The approximate number of bytes that were written and that the system has not accepted yet. */
  readonly backlog: number;
  /** Resolves when the system has accepted everything, or when the reader has gone. */
  flushed(): Promise<void>;
  /** Calls back once when no one reads any more (EPIPE, a closed stream); at once if that is already so. */
  onGone(callback: () => void): void;
}

/** The most characters that are held for later messages. */
const MAX_BUFFERED_CHARACTERS = 65_536;

/**
 * Reserves stdout for a protocol: everything written to `process.stdout` from now on, also by `console.log`, goes to
 * stderr instead. Call it before loading anything that might write.
 */
export function reserveStdout(): ProtocolOutput {
  const { stdout, stderr } = process;
  const write = stdout.write.bind(stdout) as (text: string, done?: () => void) => boolean;
  stdout.write = stderr.write.bind(stderr);

  let gone = false;
  let buffered = '';
  const callbacks: (() => void)[] = [];
  const onEnd = (): void => {
    gone = true;
    for (const callback of callbacks.splice(0)) callback();
  };
  stdout.removeAllListeners('error');
  stdout.on('error', onEnd);
  stdout.once('close', onEnd);

  const flush = (): void => {
    if (buffered === '' || gone) return;
    const all = buffered;
    buffered = '';
    write(all);
  };

  return {
    write(text, more = false) {
      if (gone) return;
      // Batching: a system call costs more than most messages.
      if (more && buffered === '') process.nextTick(flush);
      buffered += text;
      if (!more || buffered.length >= MAX_BUFFERED_CHARACTERS) flush();
    },
    get backlog() {
      return gone ? 0 : stdout.writableLength + buffered.length;
    },
    async flushed() {
      flush();
      // A stream calls back even after an error.
      if (!gone) await new Promise<void>((resolve) => void write('', () => resolve()));
    },
    onGone(callback) {
      if (gone) callback();
      else callbacks.push(callback);
    },
  };
}
