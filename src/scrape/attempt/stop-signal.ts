/** Why a run was asked to stop before it had finished. */
export type StopReason = 'timeout' | 'terminated';

/** How long a run may continue after it was asked to stop, in milliseconds. */
export const STOP_GRACE_MS = 5_000;

/**
 * Longest timer, in milliseconds. setTimeout fires at once when its delay exceeds 32 bits, so a longer wait uses
 * several timers.
 */
const MAX_TIMER_MS = 2 ** 31 - 1;

export interface StopSignal {
  signal: AbortSignal;
  /** Defined once `signal` is aborted. */
  reason(): StopReason | undefined;
  /** Settles `STOP_GRACE_MS` after the signal: work that ignores the signal is not waited for. */
  overdue: Promise<void>;
  dispose(): void;
}

/**
 * Creates a signal that aborts when the attempt's time is up, or when the process receives SIGTERM, SIGINT or SIGHUP.
 */
export function createStopSignal(timeoutMs: number): StopSignal {
  const controller = new AbortController();
  let reason: StopReason | undefined;
  let markOverdue = () => {};
  const overdue = new Promise<void>((resolve) => {
    markOverdue = resolve;
  });
  let limit: NodeJS.Timeout | undefined;
  let grace: NodeJS.Timeout | undefined;
  const stop = (why: StopReason) => {
    if (reason !== undefined) return;
    reason = why;
    controller.abort();
    grace = setTimeout(markOverdue, STOP_GRACE_MS);
  };
  const stopAfter = (ms: number) => {
    const wait = Math.min(ms, MAX_TIMER_MS);
    limit = setTimeout(() => (wait < ms ? stopAfter(ms - wait) : stop('timeout')), wait);
  };
  const onSignal = () => stop('terminated');
  const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
  for (const name of signals) process.on(name, onSignal);
  stopAfter(timeoutMs);
  return {
    signal: controller.signal,
    reason: () => reason,
    overdue,
    dispose() {
      clearTimeout(limit);
      clearTimeout(grace);
      for (const name of signals) process.off(name, onSignal);
    },
  };
}
