import { Box } from 'ink';
import { useMemo, useSyncExternalStore } from 'react';
import { computeLayout, type Layout, MIN_COLUMNS, MIN_ROWS } from '../layout.ts';
import type { Store } from '../live/store.ts';
import type { State } from '../state/state.ts';
import { currentView } from '../state/view.ts';
import { currentRules } from '../state/view-rules.ts';
import { truncate } from '../text/fit.ts';
import { applyAppearance, type Theme } from '../theme.ts';
import { OpenDialog } from './dialog-components.tsx';
import { Footer } from './footer.tsx';
import { Header } from './header.tsx';
import { NoticeLine } from './notice-line.tsx';
import { ClockContext, minuteClock } from './parts/clock-text.tsx';
import { Text } from './parts/text.tsx';
import { ThemeContext, useTheme } from './parts/theme-context.ts';
import { VIEW_COMPONENTS } from './view-components.tsx';

/** The whole screen, drawn from the state that the store shows. */
export function Dashboard({ store, theme }: { store: Store; theme: Theme }) {
  const state = useSyncExternalStore(store.subscribe, store.visible);
  const { appearance } = state;
  const liked = useMemo(() => applyAppearance(theme, appearance), [theme, appearance]);
  // What counts seconds would be read out each second.
  const clock = useMemo(() => (theme.screenReader ? minuteClock(store) : store), [theme, store]);
  return (
    <ThemeContext value={liked}>
      <ClockContext value={clock}>
        <Frame state={state} />
      </ClockContext>
    </ThemeContext>
  );
}

function Frame({ state }: { state: State }) {
  const { columns, rows } = state;
  const { hasSide, wideFrom } = currentRules(state);
  const layout = computeLayout(state, { hasSide, wideFrom, pane: state.pane });
  if (layout.kind === 'too_small') {
    const line = `Too small: ${MIN_COLUMNS}×${MIN_ROWS} or more, not ${columns}×${rows}. q quits.`;
    return <Text>{truncate(line, columns)}</Text>;
  }
  // What lies below a dialog would be read as if it were part of it.
  const isCovered = state.linear && state.dialog !== undefined;
  return (
    <Box flexDirection="column" width={columns} height={rows} overflow="hidden">
      <Header state={state} />
      {isCovered ? <Box height={layout.body.rows} flexShrink={0} /> : <Body state={state} layout={layout} />}
      <NoticeLine state={state} />
      <Footer state={state} />
      <OpenDialog state={state} body={layout.body} />
    </Box>
  );
}

function Body({ state, layout }: { state: State; layout: Layout }) {
  const { kind, body, main, mainShown, side } = layout;
  const { Main, Side } = VIEW_COMPONENTS[currentView(state).name];
  return (
    <Box
      flexDirection={kind === 'wide' ? 'row' : 'column'}
      width={body.columns}
      height={body.rows}
      flexShrink={0}
      overflow="hidden"
    >
      {mainShown && (
        <Box width={main.columns} height={main.rows} flexShrink={0} overflow="hidden">
          <Main state={state} rect={main} focused={state.pane === 'main'} />
        </Box>
      )}
      {mainShown && side !== undefined && <Divider layout={layout} />}
      {side !== undefined && Side !== undefined && (
        <Box width={side.columns} height={side.rows} flexShrink={0} overflow="hidden">
          <Side state={state} rect={side} focused={state.pane === 'side'} />
        </Box>
      )}
    </Box>
  );
}

function Divider({ layout: { kind, body } }: { layout: Layout }) {
  const theme = useTheme();
  if (kind === 'tall')
    return (
      <Box height={1} flexShrink={0}>
        <Text style="faint">{theme.sign('line').repeat(body.columns)}</Text>
      </Box>
    );
  return (
    <Box flexDirection="column" width={2} height={body.rows} flexShrink={0}>
      {Array.from({ length: body.rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row of the screen is its number
        <Text key={row} style="faint">
          {`${theme.sign('separator')} `}
        </Text>
      ))}
    </Box>
  );
}
