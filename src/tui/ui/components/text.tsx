import { Text as InkText } from 'ink';
import type { ReactNode } from 'react';
import { createContext, useContext } from 'react';
import { asAscii, screenReaderText } from '../text/ascii.ts';
import { cleanLine } from '../text/clean.ts';
import type { StyleName, Theme } from '../theme.ts';
import { makeTheme } from '../theme.ts';

export const ThemeContext = createContext<Theme>(makeTheme({ colors: true, unicode: true }));

export function useTheme(): Theme {
  return useContext(ThemeContext);
}

export interface TextProps {
  style?: StyleName | undefined;
  /** An additional style on top, such as that of the selected row. */
  over?: StyleName | undefined;
  /** Text from outside: a screen reader receives its blanks and signs unchanged. */
  verbatim?: boolean | undefined;
  children?: ReactNode;
}

/**
 * A text of one line. Ink passes colours and tabs in external text through, so all text is sanitized here. A lint rule
 * forbids Ink's own `Text` elsewhere in the dashboard.
 */
export function Text({ style = 'plain', over, verbatim = false, children }: TextProps) {
  const theme = useTheme();
  const textStyle = { ...theme.style(style), ...(over === undefined ? {} : theme.style(over)) };
  return (
    <InkText wrap="truncate-end" {...textStyle}>
      {cleaned(children, (text) => drawn(text, theme, verbatim))}
    </InkText>
  );
}

function cleaned(children: ReactNode, draw: (text: string) => string): ReactNode {
  if (typeof children === 'string') return draw(cleanLine(children));
  if (Array.isArray(children)) return children.map((child) => cleaned(child, draw));
  return children;
}

function drawn(text: string, { unicode, screenReader }: Theme, verbatim: boolean): string {
  const words = screenReader && !verbatim ? screenReaderText(text) : text;
  return unicode ? words : asAscii(words);
}
