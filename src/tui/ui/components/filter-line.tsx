import type { ListFilter } from '../list-filter.ts';
import { cleanLine } from '../text/clean.ts';
import { fitTo, textWidth } from '../text/fit.ts';
import { Field } from './field.tsx';
import { Text } from './text.tsx';

const LABEL = 'Only with: ';

/** Whether a filter replaces the list's heading. */
export function isFiltered({ isOpen, line }: ListFilter): boolean {
  return isOpen || line.text !== '';
}

/** Shows the filter of a short list in place of its heading, and how many of all rows match. */
export function FilterLine(props: { filter: ListFilter; listed: number; all: number; columns: number }) {
  const { filter, columns } = props;
  const left = ` ${props.listed} of ${props.all}`;
  const room = Math.max(8, columns - LABEL.length - textWidth(left));
  return (
    <>
      <Text style="key">{LABEL}</Text>
      {filter.isOpen ? (
        <Field line={filter.line} columns={room} />
      ) : (
        <Text>{fitTo(cleanLine(filter.line.text), room)}</Text>
      )}
      <Text style="faint">{left}</Text>
    </>
  );
}
