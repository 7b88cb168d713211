/** What a check of a run says, as the run keeps it; `null` when it says nothing. */
export function runCheckWords(check: unknown): string | null {
  if (typeof check === 'string') return check;
  if (typeof check !== 'object' || check === null) return null;
  const { message, text } = check as { message?: unknown; text?: unknown };
  return typeof message === 'string' ? message : typeof text === 'string' ? text : JSON.stringify(check);
}
