import { Box } from 'ink';
import { displayWidth, splitGraphemes, truncateToWidth } from '../../../core/lib/display-width.ts';
import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import type { ListFilter } from '../list-filter.ts';
import type { EditedLine } from '../text/edit-line.ts';
import { fitTo } from '../text/fit.ts';
import { Text, useTheme } from './text.tsx';

/** The text of an empty field. It is dim; for a screen reader, which cannot convey that, it is marked with words. */
export function Placeholder({ text, columns }: { text: string; columns: number }) {
  const { screenReader } = useTheme();
  if (screenReader)
    return <Text style="faint">{truncateToWidth(text === '' ? '' : `empty: ${text}`, columns)}</Text>;
  return <Text style="faint">{fitTo(text, columns)}</Text>;
}

interface FieldProps {
  line: EditedLine;
  columns: number;
  /** An example value, shown while the field is empty. */
  placeholder?: string;
  /** Whether the first typed text replaces the line. */
  isSelected?: boolean;
}

/**
 * An edited line with its cursor, in exactly `columns` cells; for a screen reader without blanks behind it. A long line is
 * shown around the cursor.
 */
export function Field({ line, columns, placeholder = '', isSelected = false }: FieldProps) {
  const { screenReader } = useTheme();
  // The cursor is on the words for an empty field, not on a blank before them.
  if (screenReader && line.text === '' && placeholder !== '')
    return (
      <Text style="faint" over="cursor">
        {truncateToWidth(`empty: ${placeholder}`, columns)}
      </Text>
    );
  const before = endOf(line.text.slice(0, line.cursor), Math.max(0, columns - 2));
  const rest = line.text.slice(line.cursor);
  const under = splitGraphemes(rest).next().value?.segment ?? ' ';
  const room = columns - displayWidth(before) - displayWidth(under);
  const cut = screenReader ? truncateToWidth : fitTo;
  return (
    <Box>
      <Text over={isSelected ? 'selected' : undefined} verbatim>
        {before}
      </Text>
      <Text style="cursor" verbatim>
        {under}
      </Text>
      {line.text === '' ? (
        <Placeholder text={placeholder} columns={Math.max(0, room)} />
      ) : (
        <Text>{cut(rest.slice(under.length), Math.max(0, room))}</Text>
      )}
    </Box>
  );
}

/** The end of a long text is searched in this many characters only. */
const NEAR_END = 4096;

/** Returns the last characters of a text that fit. */
function endOf(whole: string, cells: number): string {
  const text = whole.slice(-NEAR_END);
  let visible = '';
  for (const { segment } of [...splitGraphemes(text)].reverse()) {
    if (displayWidth(segment + visible) > cells) break;
    visible = segment + visible;
  }
  return visible;
}

const LABEL = 'Only with: ';

/** Whether a filter replaces the list's heading. */
export function isFiltered({ isOpen, line }: ListFilter): boolean {
  return isOpen || line.text !== '';
}

/** Shows the filter of a short list in place of its heading, and how many of all rows match. */
export function FilterLine(props: { filter: ListFilter; listed: number; all: number; columns: number }) {
  const { screenReader } = useTheme();
  const { filter, columns } = props;
  if (screenReader) return <SpokenFilterLine {...props} />;
  const left = ` ${props.listed} of ${props.all}`;
  const room = Math.max(8, columns - LABEL.length - displayWidth(left));
  return (
    <>
      <Text style="key">{LABEL}</Text>
      {filter.isOpen ? (
        <Field line={filter.line} columns={room} />
      ) : (
        <Text>{fitTo(sanitizeText(filter.line.text), room)}</Text>
      )}
      <Text style="faint">{left}</Text>
    </>
  );
}

/** The same without blanks beside the cursor, which is one where it is at the end. */
function SpokenFilterLine({ filter, listed, all, columns }: Parameters<typeof FilterLine>[0]) {
  const { text, cursor } = filter.line;
  const counts = `${listed} of ${all}`;
  const room = Math.max(8, columns - LABEL.length - counts.length - 1);
  const isBlank = filter.isOpen && cursor === text.length;
  return (
    <>
      <Text style="key">{text === '' ? LABEL.trimEnd() : LABEL}</Text>
      {filter.isOpen ? (
        <Field line={filter.line} columns={room} />
      ) : (
        <Text>{truncateToWidth(sanitizeText(text), room)}</Text>
      )}
      <Text style="faint">{isBlank ? counts : ` ${counts}`}</Text>
    </>
  );
}
