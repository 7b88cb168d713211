/** The process's stdout, which nobody but the protocol writes to. */
export interface ProtocolOutput {
  /**
   * Writes whole messages with their framing. Never throws; once the reader has gone it does nothing.
   * @param more whether others are about to follow: it is held for a moment then, to be given to the system with them
   */
  write(text: string, more?: boolean): void;
  /** Bytes, nearly, that were written and that the system has not taken yet. */
  readonly backlog: number;
  /** Resolves when the system has all that was written, or when the reader has gone. */
  flushed(): Promise<void>;
  /** Calls back once when nobody reads any more (EPIPE, a closed stream); at once if that is so already. */
  onGone(callback: () => void): void;
}

/** Not more is held for what is about to follow, in characters. */
const MAX_BUFFERED_CHARACTERS = 65_536;

/**
 * Takes stdout for a protocol: whatever writes to `process.stdout` from now on, `console.log` too, reaches stderr
 * instead. To be called before anything is loaded that might write.
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
      // A system call for each message costs more than most messages.
      if (more && buffered === '') process.nextTick(flush);
      buffered += text;
      if (!more || buffered.length >= MAX_BUFFERED_CHARACTERS) flush();
    },
    get backlog() {
      return gone ? 0 : stdout.writableLength + buffered.length;
    },
    async flushed() {
      flush();
      // After an error a stream calls back all the same.
      if (!gone) await new Promise<void>((resolve) => void write('', () => resolve()));
    },
    onGone(callback) {
      if (gone) callback();
      else callbacks.push(callback);
    },
  };
}
