/** `a failure`, `5 failures in a row`: why a job is paused. */
export function describeFailures(failures: number): string {
  return failures === 1 ? 'a failure' : `${failures} failures in a row`;
}
