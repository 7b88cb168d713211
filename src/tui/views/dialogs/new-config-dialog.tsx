import { ADDRESS_EXAMPLE, readTypedAddress } from '../../../core/configs/typed-address.ts';
import { newConfigProblem } from '../../configs/new-config.ts';
import { fitTo } from '../../text/fit.ts';
import { Field } from '../parts/field.tsx';
import { centerRect, Overlay, type OverlayLine } from '../parts/overlay.tsx';
import { gapLine, textLine } from '../parts/overlay-lines.tsx';
import { Text } from '../parts/text.tsx';
import type { DialogProps } from './dialog-props.ts';

const LABEL_CELLS = 9;

export function NewConfigDialog({ state, dialog, body }: DialogProps<'new_config'>) {
  const rect = centerRect(body, 84, 7);
  const inner = rect.columns - 4;
  const { field, url } = dialog;
  // What has not begun is not wrong yet.
  const isEmpty = field === 'url' && url.text === '';
  const problem = isEmpty ? undefined : newConfigProblem(state, dialog, field);
  const text = isEmpty ? 'Type or paste the address of a page that lists what you want.' : whatNext(dialog);
  return (
    <Overlay
      rect={rect}
      title="New configuration"
      lines={[
        fieldLine('Address', 'url', dialog, inner),
        fieldLine('Name', 'name', dialog, inner),
        gapLine('gap'),
        problem === undefined
          ? textLine('next', text, 'faint', inner)
          : textLine('problem', problem.problem, 'warning', inner),
        textLine('hint', problem?.hint ?? '', 'faint', inner),
      ]}
    />
  );
}

/** What Enter does; of an address that is not whole as it is typed also how it was understood. */
function whatNext({ field, url }: DialogProps<'new_config'>['dialog']): string {
  if (field === 'name') return 'Enter looks at the page and makes a first draft of it.';
  const read = readTypedAddress(url.text);
  const isOther = 'url' in read && read.url !== url.text;
  return isOther ? `Enter goes on to the name, with ${read.url}` : 'Enter goes on to the name.';
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
        <Text style={has ? 'key' : 'faint'}>{fitTo(label, LABEL_CELLS)}</Text>
        {has ? (
          <Field
            line={dialog[field]}
            columns={columns}
            placeholder={field === 'url' ? ADDRESS_EXAMPLE : ''}
          />
        ) : (
          <Text>{fitTo(dialog[field].text, columns)}</Text>
        )}
      </>
    ),
  };
}
