import { type CellProps, Table } from 'ink-table';
import { createContext, type PropsWithChildren, useContext } from 'react';
import type { TextSpan } from '../styled-row.ts';
import { fitTo } from '../text/fit.ts';
import type { StyleName } from '../theme.ts';
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
  /** A text for each column, of the dashboard's own words: ink-table counts a wide letter as one cell. */
  rows: readonly (readonly TextSpan[])[];
  hasHeadings?: boolean;
}

/** ink-table tells a cell only its column and its text, so these find its style. */
const CellStyles = createContext<ReadonlyMap<string, StyleName>>(new Map());

/**
 * A small table, drawn by ink-table without lines between the rows. The texts are cut to their columns before. A blank
 * stands on each side of a column.
 */
export function TextTable({ columns, rows, hasHeadings = false }: TextTableProps) {
  const styles = new Map<string, StyleName>();
  const data = rows.map((row) => {
    const texts = columns.map(({ title, cells, align }, at): [string, string] => {
      const { text, style } = row[at] ?? { text: '', style: 'plain' };
      const shown = fitTo(text, cells, align);
      styles.set(styleKey(at, shown), style);
      return [title, shown];
    });
    return Object.fromEntries(texts);
  });
  return (
    <CellStyles value={styles}>
      <Table
        data={data}
        columns={columns.map(({ title, align = 'left' }) => ({ key: title, align }))}
        cell={Cell}
        header={hasHeadings ? Heading : Nothing}
        skeleton={Nothing}
      />
    </CellStyles>
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

function styleKey(column: number, text: string): string {
  return `${column} ${text.trim()}`;
}

function Cell({ column, children }: CellProps) {
  const style = useContext(CellStyles).get(styleKey(column, String(children)));
  return <Text style={style}>{children}</Text>;
}

function Heading({ children }: PropsWithChildren) {
  return <Text style="heading">{children}</Text>;
}

function Nothing() {
  return null;
}
