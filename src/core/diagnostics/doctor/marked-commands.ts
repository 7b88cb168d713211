/** Marks a command in a text, such as `job run news`. The marks are characters that no text contains. */
export function markCommand(line: string): string {
  return `\u0001${line}\u0002`;
}

/** Replaces the commands that {@link markCommand} marked. */
export function replaceMarkedCommands(text: string, nameOf: (line: string) => string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the marks
  return text.replaceAll(/\u0001([^\u0002]*)\u0002/g, (_, line: string) => nameOf(line));
}
