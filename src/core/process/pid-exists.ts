/**
 * Whether a process with this pid exists, of any user; zombies count. Only a {@link ProcessIdentity} shows whether it
 * is the expected one.
 */
export function pidExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
