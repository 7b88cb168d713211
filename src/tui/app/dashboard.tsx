import { Box } from 'ink';
import { Fragment, useMemo, useSyncExternalStore } from 'react';
import { truncateToWidth } from '../../core/lib/display-width.ts';
import { sanitizeText } from '../../core/lib/sanitize-text.ts';
import type { FooterPart } from '../features/define-feature.ts';
import type { State, Tone } from '../kernel/model.ts';
import { visibleNotice } from '../kernel/notices.ts';
import {
  ClockContext,
  ClockText,
  minuteClock,
  Text,
  ThemeContext,
  useTheme,
} from '../ui/components/text.tsx';
import { computeLayout, type Layout, MIN_COLUMNS, MIN_ROWS, type Rect } from '../ui/layout.ts';
import { applyAppearance, type StyleName, type Theme, themeBehindDialog } from '../ui/theme.ts';
import { reachableActions } from './actions.ts';
import { dialogOf } from './dialogs.tsx';
import { viewOf } from './features.ts';
import { footerParts } from './footer.ts';
import { HEADER_GAP, type HeaderPart, headerParts } from './header.ts';
import type { Store } from './store.ts';

/** The last line: the keys that matter here. */
function Footer({ state }: { state: State }) {
  const parts: readonly FooterPart[] = footerParts(state, state.columns);
  const gap = useTheme().screenReader ? ', ' : '  ';
  return (
    <Box width={state.columns} height={1} overflow="hidden">
      {parts.map(({ key, word, isRefused }, index) => (
        <Fragment key={`${key} ${word}`}>
          {index > 0 && <Text>{gap}</Text>}
          <Text style={isRefused ? 'faint' : 'key'}>{key}</Text>
          <Text style="faint">{` ${word}`}</Text>
        </Fragment>
      ))}
    </Box>
  );
}

/** The first line: the view, the number of jobs by state, the scheduler, the time. */
function Header({ state }: { state: State }) {
  const parts = headerParts(state, viewOf(state).title(state));
  // Without columns, the blanks between both sides say nothing.
  if (useTheme().screenReader)
    return (
      <Box width={state.columns} height={1} overflow="hidden">
        <Parts parts={[...parts].sort((one, other) => one.side.localeCompare(other.side))} />
      </Box>
    );
  return (
    <Box width={state.columns} height={1} justifyContent="space-between" overflow="hidden">
      <Parts parts={parts.filter(({ side }) => side === 'left')} />
      <Parts parts={parts.filter(({ side }) => side === 'right')} />
    </Box>
  );
}

function Parts({ parts }: { parts: readonly HeaderPart[] }) {
  const gap = useTheme().screenReader ? ', ' : ' '.repeat(HEADER_GAP);
  return (
    <Box flexShrink={0}>
      {parts.map(({ id, text, style }, index) => (
        <Fragment key={id}>
          {index > 0 && <Text>{gap}</Text>}
          {typeof text === 'string' ? (
            <Text style={style}>{text}</Text>
          ) : (
            <ClockText style={style} of={text} />
          )}
        </Fragment>
      ))}
    </Box>
  );
}

const TONE_STYLES: Record<Tone, StyleName> = { info: 'plain', good: 'good', warning: 'warning', bad: 'bad' };

/** The line above the footer: the latest notice, for a limited time. */
function NoticeLine({ state }: { state: State }) {
  const notice = visibleNotice(state);
  const stale = state.home?.stale;
  const text = stale ? `Not up to date: ${stale.reason}` : (notice?.text ?? describeUnseen(state));
  const style = stale ? 'bad' : notice === undefined ? 'faint' : TONE_STYLES[notice.tone];
  return (
    <Box width={state.columns} height={1} overflow="hidden">
      <Text style={style}>{truncateToWidth(sanitizeText(text ?? ''), state.columns)}</Text>
    </Box>
  );
}

/** The number of new activity entries since the user last viewed them. */
function describeUnseen(state: State): string {
  const { unseen } = state.activity;
  if (unseen === 0) return '';
  // In other views, the key has another function.
  const isHere = reachableActions(state).some(({ id }) => id === 'jobs.happenings');
  return `${unseen} new: N ${isHere ? '' : 'in the list of jobs '}shows what has happened`;
}

/** The whole screen, drawn from the store's visible state. */
export function Dashboard({ store, theme }: { store: Store; theme: Theme }) {
  const state = useSyncExternalStore(store.subscribe, store.visible);
  const { appearance, background } = state;
  const liked = useMemo(
    () => applyAppearance(theme, appearance, background),
    [theme, appearance, background],
  );
  // A screen reader would read a counter of seconds every second.
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
  const { Side, panes } = viewOf(state);
  const theme = useTheme();
  const behind = useMemo(() => themeBehindDialog(theme), [theme]);
  const layout = computeLayout(state, {
    hasSide: Side !== undefined,
    panes: panes?.(state),
    pane: state.pane,
  });
  if (layout.kind === 'too_small') {
    const line = `Too small: ${MIN_COLUMNS}×${MIN_ROWS} or more, not ${columns}×${rows}. q quits.`;
    return <Text>{truncateToWidth(line, columns)}</Text>;
  }
  // A screen reader would read the text below a dialog as part of it.
  const isCovered = state.linear && state.dialog !== undefined;
  const bodyTheme = state.dialog === undefined ? theme : behind;
  return (
    <Box flexDirection="column" width={columns} height={rows} overflow="hidden">
      <Header state={state} />
      {isCovered ? (
        <Box height={layout.body.rows} flexShrink={0} />
      ) : (
        <ThemeContext value={bodyTheme}>
          <Body state={state} layout={layout} />
        </ThemeContext>
      )}
      <NoticeLine state={state} />
      <Footer state={state} />
      <OpenDialog state={state} body={layout.body} />
    </Box>
  );
}

function Body({ state, layout }: { state: State; layout: Layout }) {
  const { kind, body, main, mainShown, side } = layout;
  const { Main, Side } = viewOf(state);
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

/** The open dialog, if there is one. */
function OpenDialog({ state, body }: { state: State; body: Rect }) {
  const { dialog } = state;
  if (dialog === undefined) return null;
  const { Component } = dialogOf(dialog);
  return <Component state={state} dialog={dialog} body={body} />;
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
