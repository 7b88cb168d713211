import { Box } from 'ink';
import { useMemo } from 'react';
import { MINUTE_MS } from '../../../core/lib/clock.ts';
import { displayWidth, truncateToWidth } from '../../../core/lib/display-width.ts';
import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import type { JobRow } from '../../home/job-row.ts';
import { Row, Text, useTheme } from '../../ui/components/text.tsx';
import { describeHidden, type ScrollWindow } from '../../ui/scroll.ts';
import type { PaneProps } from '../define-feature.ts';
import { selectedJob } from '../jobs/reducer.ts';
import { DETAIL_TABS, type DetailTab } from './model.ts';
import { detailHeight, shownRows, shownTop } from './reducer.ts';
import { shortTabs, TABS_CELLS, tabPlace, tabTexts } from './tabs.ts';

/** The detail of the selected job. */
export function JobDetailPane(props: PaneProps) {
  const job = selectedJob(props.state);
  return job === undefined ? <Text style="faint">No job is selected.</Text> : <Detail {...props} job={job} />;
}

function Detail({ state, rect, focused, job }: PaneProps & { job: JobRow }) {
  const theme = useTheme();
  const { columns, rows: height } = rect;
  const { detail, detailTab, charts, timezone } = state;
  const minute = Math.floor(state.now / MINUTE_MS);
  const bars = theme.braille && !charts.hasBars ? 'braille' : 'blocks';
  const signs = theme.unicode ? bars : 'ascii';
  // biome-ignore lint/correctness/useExhaustiveDependencies: of the state, only this is drawn
  const rows = useMemo(
    () => shownRows(state, job, { columns, rows: height }, signs),
    [job, detail, detailTab, columns, height, minute, signs, timezone],
  );
  const shown = detailHeight(state, rect);
  const top = shownTop(state, job, Math.max(0, rows.length - shown));
  const scroll = { top, height: shown, count: rows.length };
  return (
    <Box flexDirection="column" width={columns} height={height} overflowY="hidden">
      <Title job={job} tab={detailTab.tab} scroll={scroll} rect={rect} focused={focused} />
      {rows.slice(top, top + shown).map((row, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row of the screen is its number
        <Row key={at} row={row} columns={columns} />
      ))}
    </Box>
  );
}

/** The name of the job keeps this room beside the numbers of rows out of sight. */
const MIN_TITLE_CELLS = 16;

interface TitleProps {
  job: JobRow;
  tab: DetailTab;
  scroll: ScrollWindow;
  rect: PaneProps['rect'];
  focused: boolean;
}

/** The name of the job, and the tabs. */
function Title({ job, tab, scroll, rect, focused }: TitleProps) {
  const theme = useTheme();
  const { columns } = rect;
  const place = tabPlace(rect, theme.screenReader);
  const beside = place === 'beside' ? TABS_CELLS : 0;
  const short = place === 'short' && !theme.screenReader ? ` ${shortTabs(tab)} ` : '';
  const id = sanitizeText(job.id);
  const free = columns - beside - displayWidth(short) - 1;
  const said = describeHidden(scroll, theme);
  const full = said === '' ? '' : `${said} `;
  const isTight = free - displayWidth(full) < Math.min(displayWidth(id), MIN_TITLE_CELLS);
  // The signs alone say it too.
  const more = isTight ? full.replaceAll(/ (above|more)/g, '') : full;
  const title = truncateToWidth(id, free - displayWidth(more));
  const number = `tab ${DETAIL_TABS.indexOf(tab) + 1} of ${DETAIL_TABS.length}`;
  const spoken = [`Detail of ${title}: ${tab}`, number, said].filter((part) => part !== '').join(', ');
  return (
    <>
      <Box flexShrink={0} height={1} width={columns} justifyContent="space-between">
        <Text style={focused ? 'key' : 'heading'} over={theme.screenReader && focused ? 'cursor' : undefined}>
          {theme.screenReader ? truncateToWidth(spoken, columns) : title}
        </Text>
        <Box flexShrink={0}>
          {!theme.screenReader && <Text style="faint">{more}</Text>}
          <Text style="accent">{short}</Text>
          {place === 'beside' && <Tabs tab={tab} />}
        </Box>
      </Box>
      {place === 'below' && (
        <Box flexShrink={0} height={1}>
          <Tabs tab={tab} />
        </Box>
      )}
    </>
  );
}

/** The current tab stands in brackets, which are also the keys that change it. */
function Tabs({ tab }: { tab: DetailTab }) {
  return tabTexts(tab).map((text, at) => (
    <Text key={text} style={DETAIL_TABS[at] === tab ? 'key' : 'faint'}>
      {text}
    </Text>
  ));
}
