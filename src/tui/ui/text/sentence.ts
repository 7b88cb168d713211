/** Capitalizes the first letter of a text. */
export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Makes a sentence from a clause, such as `it is not paused`. */
export function sentence(clause: string): string {
  return `${capitalized(clause)}.`;
}

/** Returns the error message followed by its hint, if any, as a separate sentence. */
export function withHint(message: string, hint: string | null | undefined): string {
  if (hint === undefined || hint === null || hint === '') return message;
  return /[.!?:]$/.test(message) ? `${message} ${hint}` : `${message}. ${hint}`;
}
