import { newConfigProblem } from '../../configs/new-config.ts';
import { fitTo } from '../../text/fit.ts';
import { Field } from '../parts/field.tsx';
import { middleOf, Overlay, type OverlayLine } from '../parts/overlay.tsx';
import { gapLine, textLine } from '../parts/overlay-lines.tsx';
import { Text } from '../parts/text.tsx';
import type { DialogProps } from './dialog-props.ts';

const LABEL_CELLS = 9;

export function NewConfigDialog({ state, dialog, body }: DialogProps<'new_config'>) {
  const rect = middleOf(body, 84, 7);
  const inner = rect.columns - 4;
  const { field } = dialog;
  const problem = newConfigProblem(state, dialog, field);
  const text =
    problem ??
    (field === 'url'
      ? 'Enter goes on to the name.'
      : 'Enter looks at the page and makes a first draft of it.');
  return (
    <Overlay
      rect={rect}
      title="New configuration"
      lines={[
        fieldLine('Address', 'url', dialog, inner),
        fieldLine('Name', 'name', dialog, inner),
        gapLine('gap'),
        textLine('problem', text, problem === undefined ? 'faint' : 'warning', inner),
      ]}
    />
  );
}

function fieldLine(
  label: string,
  field: 'url' | 'name',
  dialog: DialogProps<'new_config'>['dialog'],
  inner: number,
): OverlayLine {
  const has = dialog.field === field;
  const columns = inner - LABEL_CELLS;
  return {
    key: field,
    cells: inner,
    content: (
      <>
        <Text look={has ? 'key' : 'faint'}>{fitTo(label, LABEL_CELLS)}</Text>
        {has ? (
          <Field line={dialog[field]} columns={columns} />
        ) : (
          <Text>{fitTo(dialog[field].text, columns)}</Text>
        )}
      </>
    ),
  };
}
