/**
 * Whether a process of that number exists, whoever it belongs to; a zombie does. Which process it is only
 * {@link ProcessIdentity} can tell.
 */
export function pidExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
