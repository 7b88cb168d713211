const STOP = 'SIGTSTP';

/** Does something during which a stop by the terminal stops this process at once, as without any listener of ours. */
export function withDefaultStopSignal<T>(work: () => T): T {
  const listeners = process.listeners(STOP);
  for (const listener of listeners) process.off(STOP, listener);
  try {
    return work();
  } finally {
    for (const listener of listeners) process.on(STOP, listener);
  }
}
