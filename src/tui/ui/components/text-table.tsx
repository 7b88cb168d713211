import { type CellProps, Table } from 'ink-table';
import { createContext, type PropsWithChildren, useContext } from 'react';
import type { TextSpan } from '../styled-row.ts';
import { fitTo } from '../text/fit.ts';
import type { OverlayLine } from './overlay.tsx';
import { Text } from './text.tsx';

/** A column of a table. */
export interface TextColumn {
  /** The heading. It is at most as long as the column is wide. */
  readonly title: string;
  /** The width of its texts in cells. */
  readonly cells: number;
  readonly align?: 'left' | 'right';
}

interface TextTableProps {
  columns: readonly TextColumn[];
  /** A text for each column, of the dashboard's own words or the names of keys. */
  rows: readonly (readonly TextSpan[])[];
  hasHeadings?: boolean;
}

/** ink-table tells a cell only its column and its text, so these find how it is shown. */
const ShownCells = createContext<ReadonlyMap<string, TextSpan>>(new Map());

/**
 * A small table, drawn by ink-table without lines between the rows. The texts are cut to their columns before. A blank
 * stands on each side of a column.
 */
export function TextTable({ columns, rows, hasHeadings = false }: TextTableProps) {
  const cellsByText = new Map<string, TextSpan>();
  const data = rows.map((row) => {
    const texts = columns.map(({ title, cells, align }, at): [string, string] => {
      const { text, style } = row[at] ?? { text: '', style: 'plain' };
      const shown = fitTo(text, cells, align);
      cellsByText.set(cellKey(at, shown), { text: ` ${shown} `, style });
      return [title, shown];
    });
    return Object.fromEntries(texts);
  });
  return (
    <ShownCells value={cellsByText}>
      <Table
        data={data}
        columns={columns.map(({ title, align = 'left' }) => ({ key: title, align }))}
        cell={Cell}
        header={hasHeadings ? Heading : Nothing}
        skeleton={Nothing}
      />
    </ShownCells>
  );
}

/** The width of a table in cells. */
export function tableCells(columns: readonly TextColumn[]): number {
  return columns.reduce((sum, { cells }) => sum + cells + 2, 0);
}

/** A table as lines of an overlay. */
export function tableLines(key: string, props: TextTableProps): OverlayLine {
  return {
    key,
    cells: tableCells(props.columns),
    rows: props.rows.length + (props.hasHeadings ? 1 : 0),
    content: <TextTable {...props} />,
  };
}

function cellKey(column: number, text: string): string {
  return `${column} ${text.trim()}`;
}

/** ink-table pads by the number of characters, so the text is shown as it was cut: a wide letter takes two cells. */
function Cell({ column, children }: CellProps) {
  const shown = useContext(ShownCells).get(cellKey(column, String(children)));
  return <Text style={shown?.style}>{shown?.text ?? children}</Text>;
}

function Heading({ children }: PropsWithChildren) {
  return <Text style="heading">{children}</Text>;
}

function Nothing() {
  return null;
}
