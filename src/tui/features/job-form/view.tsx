import { Box } from 'ink';
import { displayWidth, truncateToWidth } from '../../../core/lib/display-width.ts';
import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import { Field, Placeholder } from '../../ui/components/field.tsx';
import { Text, useTheme } from '../../ui/components/text.tsx';
import type { EditedLine } from '../../ui/text/edit-line.ts';
import { fitTo } from '../../ui/text/fit.ts';
import type { StyleName } from '../../ui/theme.ts';
import type { PaneProps } from '../define-feature.ts';
import { labelOf } from './fields.ts';
import { describeAmount, type FormRow, formWindow, labelCells, placeholderOf } from './form-rows.ts';
import type { FieldPath, Form } from './model.ts';
import { fieldAt } from './param-fields.ts';
import { textAt } from './param-texts.ts';

/** The fields of the edited job that fit around the one with the focus. */
export function FormFields({ state, rect }: PaneProps) {
  const form = state.form.open;
  if (form === undefined) return <Text style="faint">No form is open.</Text>;
  const { rows, top } = formWindow(state, form);
  return (
    <Box flexDirection="column" width={rect.columns} height={rect.rows} overflow="hidden">
      {rows.slice(top, top + rect.rows).map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row of the screen is its number
        <Box key={index} flexShrink={0} height={1}>
          <FormLine row={row} form={form} columns={rect.columns} />
        </Box>
      ))}
    </Box>
  );
}

function FormLine({ row, form, columns }: { row: FormRow; form: Form; columns: number }) {
  const theme = useTheme();
  switch (row.kind) {
    case 'gap':
      return <Text> </Text>;
    case 'banner':
      return <Text style={row.style}>{fitTo(row.text, columns)}</Text>;
    case 'group':
      return <Text style="heading">{truncateToWidth(`  ${row.group}`, columns)}</Text>;
    case 'note':
      return <Text style={row.style}>{`${' '.repeat(labelCells(columns))}${row.text}`}</Text>;
    case 'more': {
      const focused = form.focus === 'more';
      const words = row.unfolded ? 'Less' : 'More: retries, overlap, commands, expectations, history';
      const set = row.set === 0 ? '' : ` (${row.set} set)`;
      const sign = theme.sign(row.unfolded ? 'up' : 'down');
      const text = `${focused ? theme.sign('pointer') : ' '} ${sign} ${words}${set}`;
      return (
        <Text style="accent" over={focused ? 'selected' : undefined}>
          {truncateToWidth(text, columns)}
        </Text>
      );
    }
    default:
      return <FieldRow path={row.path} mark={row.mark} form={form} columns={columns} />;
  }
}

type Mark = NonNullable<Extract<FormRow, { kind: 'field' }>['mark']>;

const MARKS: Readonly<Record<Mark, { sign: string; word: string; style: StyleName }>> = {
  changed: { sign: '◆', word: 'changed: ', style: 'accent' },
  conflict: { sign: '±', word: 'changed by others, too: ', style: 'warning' },
  wrong: { sign: '!', word: 'wrong: ', style: 'bad' },
};

const NO_MARK = { sign: ' ', word: ' ', style: 'plain' } as const;

function FieldRow({
  path,
  mark,
  form,
  columns,
}: {
  path: FieldPath;
  mark: Mark | undefined;
  form: Form;
  columns: number;
}) {
  const theme = useTheme();
  const focused = form.focus === path;
  const cells = labelCells(columns);
  const { sign, word, style } = mark === undefined ? NO_MARK : MARKS[mark];
  return (
    <>
      <Text style="key">{focused ? theme.sign('pointer') : ' '}</Text>
      <Text style={style}>{theme.screenReader ? word : sign}</Text>
      <Text style={focused ? 'key' : 'plain'}>
        {theme.screenReader ? `${labelOf(path)}: ` : ` ${fitTo(labelOf(path), cells - 4)} `}
      </Text>
      <Value path={path} form={form} focused={focused} columns={columns - cells} />
    </>
  );
}

function Value({
  path,
  form,
  focused,
  columns,
}: {
  path: FieldPath;
  form: Form;
  focused: boolean;
  columns: number;
}) {
  const { kind } = fieldAt(form, path);
  const text = textAt(form.texts, path);
  if (kind.is === 'choice') {
    const chosen = kind.choices.find(({ value }) => value === text);
    const label = chosen?.label ?? text;
    const shown = focused ? `< ${label} >` : label;
    return (
      <>
        <Text over={focused ? 'selected' : undefined}>{truncateToWidth(sanitizeText(shown), columns)}</Text>
        <Text style="faint">
          {truncateToWidth(
            chosen?.words === undefined ? '' : `  ${chosen.words}`,
            columns - displayWidth(shown),
          )}
        </Text>
      </>
    );
  }
  const placeholder = placeholderOf(form, path);
  if (text === '') {
    return (
      <>
        {focused && <Text style="cursor"> </Text>}
        {focused && <Text> </Text>}
        <Placeholder text={placeholder} columns={Math.max(0, columns - (focused ? 2 : 1))} />
      </>
    );
  }
  const amount = describeAmount(form, path);
  const tail = amount === '' ? '' : `  ${amount}`;
  if (!focused) {
    const value = truncateToWidth(sanitizeText(text), Math.max(1, columns - displayWidth(tail)));
    return (
      <>
        <Text style={textAt(form.stored, path) === text ? 'plain' : 'heading'}>{value}</Text>
        <Text style="faint">{tail}</Text>
      </>
    );
  }
  const room = Math.max(4, Math.min(columns - displayWidth(tail), Math.max(displayWidth(text) + 2, 12)));
  return (
    <>
      <Field line={drawValue({ text, cursor: form.cursor })} columns={room} />
      <Text style="faint">{tail}</Text>
    </>
  );
}

/** The line without terminal control characters, with the cursor at the same character. */
function drawValue({ text, cursor }: EditedLine): EditedLine {
  const before = sanitizeText(text.slice(0, cursor));
  return { text: before + sanitizeText(text.slice(cursor)), cursor: before.length };
}
