import { Box } from 'ink';
import type { State } from '../../kernel/model.ts';
import { Field } from '../../ui/components/field.tsx';
import { Text } from '../../ui/components/text.tsx';
import { cleanLine } from '../../ui/text/clean.ts';
import { fitTo, textWidth, truncate } from '../../ui/text/fit.ts';
import { completionsAt } from './filter/find-state.ts';
import { findRows } from './reducer.ts';

/** The filter with the number of matching jobs. While the user types, it also shows problems or completions. */
export function FindPrompt({ state, columns }: { state: State; columns: number }) {
  const { find, table } = state.jobs;
  const problem = find.filter.problems[0];
  const count = ` ${table.rows.length} of ${state.home?.jobs.length ?? 0}`;
  const room = Math.max(1, columns - 1 - textWidth(count));
  return (
    <Box flexDirection="column" flexShrink={0} height={findRows(state)}>
      <Box height={1} flexShrink={0}>
        <Text style="key">/</Text>
        {find.isOpen ? (
          <Field line={find.line} columns={room} />
        ) : (
          <Text style={problem === undefined ? 'accent' : 'warning'}>
            {fitTo(cleanLine(find.line.text), room)}
          </Text>
        )}
        <Text style="heading">{count}</Text>
      </Box>
      {find.isOpen &&
        (problem === undefined ? (
          <Choices state={state} columns={columns} />
        ) : (
          <Text style="warning">{truncate(` ${problem.text}`, columns)}</Text>
        ))}
    </Box>
  );
}

/** The choices for Tab, in order. A single choice is shown with its meaning. */
function Choices({ state, columns }: { state: State; columns: number }) {
  const { find } = state.jobs;
  const { choices } = completionsAt(find, state.home?.jobs ?? []);
  const at = find.completing?.at;
  const [only] = choices;
  if (choices.length === 1 && only !== undefined) {
    return <Text style="faint">{truncate(` Tab: ${only.text}  ${only.hint}`, columns)}</Text>;
  }
  // The last inserted choice comes first, so that it is in sight however many there are.
  const shown = at === undefined ? choices : [...choices.slice(at), ...choices.slice(0, at)];
  const words = shown.map(({ text }) => text).join('  ');
  return (
    <Box height={1} flexShrink={0}>
      <Text style="faint">{truncate(words === '' ? '' : ` Tab: ${words}`, columns)}</Text>
    </Box>
  );
}
