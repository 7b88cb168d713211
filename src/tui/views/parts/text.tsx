import { Text as InkText } from 'ink';
import type { ReactNode } from 'react';
import { asAscii } from '../../text/ascii.ts';
import { cleanLine } from '../../text/clean.ts';
import type { LookName } from '../../theme.ts';
import { useTheme } from './theme-context.ts';

export interface TextProps {
  look?: LookName | undefined;
  /** Another look on top, such as that of the selected row. */
  over?: LookName | undefined;
  children?: ReactNode;
}

/**
 * A text of one line. Ink lets colours and tabs through that come with a foreign text, so all text is cleaned here, and
 * nothing else in the dashboard uses Ink's own `Text` (lint).
 */
export function Text({ look = 'plain', over, children }: TextProps) {
  const theme = useTheme();
  const style = { ...theme.look(look), ...(over === undefined ? {} : theme.look(over)) };
  return (
    <InkText wrap="truncate-end" {...style}>
      {cleaned(children, theme.unicode)}
    </InkText>
  );
}

function cleaned(children: ReactNode, unicode: boolean): ReactNode {
  if (typeof children === 'string') return unicode ? cleanLine(children) : asAscii(cleanLine(children));
  if (Array.isArray(children)) return children.map((child) => cleaned(child, unicode));
  return children;
}
