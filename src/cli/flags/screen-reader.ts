/** The flag of the commands that open the dashboard, with what it does. */
export const SCREEN_READER_FLAG = [
  '--screen-reader',
  'words in lines below each other, for a screen reader, as with INK_SCREEN_READER=true',
] as const;

/** Sets the variable that Ink programs share: the demo opens the dashboard in a process of its own. */
export function showForScreenReader(): void {
  process.env['INK_SCREEN_READER'] = 'true';
}
