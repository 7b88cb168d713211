/** A text with a capital at its beginning. */
export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A clause, such as `it is not paused`, as a sentence. */
export function sentence(clause: string): string {
  return `${capitalized(clause)}.`;
}

/** What went wrong, and as a sentence of its own what to do next, if somebody knows that. */
export function withHint(message: string, hint: string | null | undefined): string {
  if (hint === undefined || hint === null || hint === '') return message;
  return /[.!?:]$/.test(message) ? `${message} ${hint}` : `${message}. ${hint}`;
}
