import { fitTo } from '../../text/fit.ts';
import { Text } from './text.tsx';
import { useTheme } from './theme-context.ts';

/** What an empty field shows in place of a value: faint, and for a screen reader, which cannot see that, in words. */
export function Placeholder({ text, columns }: { text: string; columns: number }) {
  const { screenReader } = useTheme();
  return <Text style="faint">{fitTo(screenReader && text !== '' ? `empty: ${text}` : text, columns)}</Text>;
}
