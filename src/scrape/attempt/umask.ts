let originalUmask: number | undefined;

/** From now on this process makes files for their owner only; what was asked for is remembered. */
export function restrictUmask(): void {
  originalUmask = process.umask(0o077);
}

/** The umask that this process was started with: the user's, for what the user's own commands make. */
export function getUserUmask(): number | undefined {
  return originalUmask;
}
