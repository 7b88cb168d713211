/** `a failure`, `5 failures in a row`: why a job is paused. */
export function failuresInWords(failures: number): string {
  return failures === 1 ? 'a failure' : `${failures} failures in a row`;
}

/** What lets a paused or disabled job go on. */
export function enableCommand(jobId: string): string {
  return `quickscrape job update ${jobId} --enable`;
}
