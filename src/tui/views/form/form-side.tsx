import { Box } from 'ink';
import { sideLines } from '../../form/form-side-lines.ts';
import type { PaneProps } from '../parts/pane-props.ts';
import { Row } from '../parts/row.tsx';

/** Beside the fields: what the field at hand is for, when the job will run, what there is to know. */
export function FormSide({ state, rect }: PaneProps) {
  const form = state.form.open;
  if (form === undefined) return null;
  return (
    <Box flexDirection="column" width={rect.columns} height={rect.rows} overflow="hidden">
      {sideLines(state, form, rect.columns)
        .slice(0, rect.rows)
        .map((row, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row of the screen is its number
          <Row key={at} row={row} />
        ))}
    </Box>
  );
}
