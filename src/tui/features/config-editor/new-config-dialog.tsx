import { suggestConfigName } from '../../../core/configs/new-config.ts';
import { ADDRESS_EXAMPLE, readTypedAddress } from '../../../core/configs/typed-address.ts';
import { sentence } from '../../../core/lib/text.ts';
import { isName } from '../../../core/model/ids.ts';
import type { State, Step } from '../../kernel/model.ts';
import { closeDialog, step } from '../../kernel/step.ts';
import { Field } from '../../ui/components/field.tsx';
import { centerRect, gapLine, Overlay, type OverlayLine, textLine } from '../../ui/components/overlay.tsx';
import { Text } from '../../ui/components/text.tsx';
import { keyOf } from '../../ui/input.ts';
import { EMPTY_LINE, editLine, toEditedLine } from '../../ui/text/edit-line.ts';
import { fitTo } from '../../ui/text/fit.ts';
import {
  CLOSE,
  type DialogProps,
  type DialogRules,
  type FooterPart,
  REFUSED_ENTER,
} from '../define-feature.ts';
import { allConfigs } from './config-state.ts';
import type { NewConfig } from './model.ts';
import { startSuggestion } from './open-config-editor.ts';

/** The problem with a field and what to do about it, as sentences; `undefined` when there is none. */
export function newConfigProblem(
  state: State,
  { url, name }: NewConfig,
  field: NewConfig['field'],
): { problem: string; hint?: string } | undefined {
  if (field === 'url') {
    const read = readTypedAddress(url.text);
    return 'url' in read ? undefined : { problem: sentence(read.problem), hint: read.hint };
  }
  const wanted = name.text.trim();
  if (!isName(wanted))
    return {
      problem: 'A name has 1 to 64 lower-case letters, digits, "-" and "_".',
      hint: 'A letter or a digit stands at both ends.',
    };
  return allConfigs(state).includes(wanted)
    ? { problem: `There is a configuration ${wanted} already.` }
    : undefined;
}

export const newConfigRules: DialogRules<'new_config'> = {
  onInput(state, dialog, input) {
    const key = keyOf(input);
    if (key === 'escape') return closeDialog(state);
    if (key === 'enter') return accepted(state, dialog);
    if (SWITCHES.includes(key)) {
      const field = dialog.field === 'url' ? 'name' : 'url';
      return step({ ...state, dialog: { ...dialog, field } });
    }
    // As a browser's field with a selected default: the first typed text replaces a suggestion, other keys edit it.
    const isReplaced =
      isSuggested(dialog) && (input.kind === 'paste' || (input.kind === 'key' && input.text !== ''));
    const line = editLine(isReplaced ? EMPTY_LINE : dialog[dialog.field], input);
    if (line === undefined) return step(state);
    if (dialog.field === 'name') return step({ ...state, dialog: { ...dialog, name: line, isNamed: true } });
    const url = { ...line, text: line.text };
    const name = dialog.isNamed ? dialog.name : toEditedLine(freeName(state, url.text));
    return step({ ...state, dialog: { ...dialog, url, name } });
  },
};

/** Enter goes on only from a complete field. */
export function newConfigKeys(state: State, dialog: NewConfig): readonly FooterPart[] {
  const enter: FooterPart = { key: 'Enter', word: 'go on' };
  const isEmpty = dialog.field === 'url' && dialog.url.text === '';
  const isWrong = newConfigProblem(state, dialog, dialog.field) !== undefined;
  const first: FooterPart = isEmpty ? { ...enter, isRefused: true } : isWrong ? REFUSED_ENTER : enter;
  return [first, { key: 'Tab', word: 'other field' }, CLOSE];
}

/** Whether the name is the suggested one, and is the field that is typed in. */
function isSuggested({ field, isNamed, name }: NewConfig): boolean {
  return field === 'name' && !isNamed && name.text !== '';
}

const SWITCHES: readonly string[] = ['tab', 'shift+tab', 'up', 'down'];

/**
 * Enter goes to the next incomplete field with the normalized address. When all is complete, it creates a first draft.
 */
function accepted(state: State, dialog: NewConfig): Step {
  const read = readTypedAddress(dialog.url.text);
  if (!('url' in read)) return step({ ...state, dialog: { kind: 'new_config', ...dialog, field: 'url' } });
  const isWrong = newConfigProblem(state, dialog, 'name') !== undefined;
  if (isWrong || dialog.field === 'url') {
    const url = toEditedLine(read.url);
    return step({ ...state, dialog: { kind: 'new_config', ...dialog, url, field: 'name' } });
  }
  return startSuggestion(closeDialog(state).state, read.url, dialog.name.text.trim());
}

/** The name derived from the address, with a number appended when it is taken. */
function freeName(state: State, address: string): string {
  const read = readTypedAddress(address);
  const name = 'url' in read ? suggestConfigName(read.url) : '';
  const taken = allConfigs(state);
  if (name === '' || !taken.includes(name)) return name;
  for (let number = 2; ; number += 1) {
    const next = `${name.slice(0, 60)}-${number}`;
    if (!taken.includes(next)) return next;
  }
}

const LABEL_CELLS = 9;

export function NewConfigDialog({ state, dialog, body }: DialogProps<'new_config'>) {
  const rect = centerRect(body, 84, 7);
  const inner = rect.columns - 4;
  const { field, url } = dialog;
  // An empty field is not shown as wrong before the user types in it.
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

/** Describes what Enter does. For an incomplete address it also shows the normalized address. */
function whatNext(dialog: DialogProps<'new_config'>['dialog']): string {
  const { field, url } = dialog;
  const typing = isSuggested(dialog) ? ' Typing replaces the name.' : '';
  if (field === 'name') return `Enter reads the page and makes a first draft.${typing}`;
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
            isSelected={isSuggested(dialog)}
          />
        ) : (
          <Text>{fitTo(dialog[field].text, columns)}</Text>
        )}
      </>
    ),
  };
}
