/** Describes why a job is paused: `a failure`, `5 failures in a row`. */
export function describeFailures(failures: number): string {
  return failures === 1 ? 'a failure' : `${failures} failures in a row`;
}
