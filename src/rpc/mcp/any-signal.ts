/** A signal that is aborted with the first of two; `release` lets go of them. (`AbortSignal.any` leaks in Node 20.) */
export function anySignal(one: AbortSignal, other: AbortSignal): { signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const abort = () => controller.abort();
  for (const signal of [one, other]) {
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
  }
  return {
    signal: controller.signal,
    release() {
      for (const signal of [one, other]) signal.removeEventListener('abort', abort);
    },
  };
}
