import picocolors from 'picocolors';

export type Colors = ReturnType<typeof picocolors.createColors>;

/** One of the two output streams, and its abilities. */
export interface Terminal {
  readonly isTerminal: boolean;
  /** Cells per line; `undefined` when the stream is not a terminal: nothing is truncated then. */
  readonly columns: number | undefined;
  readonly colors: Colors;
  write(text: string): void;
}

/** @param color false: never colours (`--no-color`) */
export function createTerminal(stream: NodeJS.WriteStream, color: boolean): Terminal {
  const isTerminal = stream.isTTY === true;
  return {
    isTerminal,
    columns: isTerminal ? (stream.columns ?? 80) : undefined,
    colors: picocolors.createColors(color && hasColors(isTerminal)),
    write: (text) => void stream.write(text),
  };
}

function hasColors(isTerminal: boolean): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env as Record<string, string | undefined>;
  if (NO_COLOR) return false;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return isTerminal && TERM !== 'dumb';
}
