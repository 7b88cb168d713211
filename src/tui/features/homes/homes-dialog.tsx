import { displayWidth } from '../../../core/lib/display-width.ts';
import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import { hasName, type OpenableHome } from '../../home/openable-home.ts';
import { inputToList } from '../../kernel/history-list.tsx';
import type { DialogOf, State } from '../../kernel/model.ts';
import {
  boxColumns,
  centerRect,
  Overlay,
  type OverlayLine,
  rowInBox,
  textLine,
} from '../../ui/components/overlay.tsx';
import { Spans, useTheme } from '../../ui/components/text.tsx';
import type { Rect } from '../../ui/layout.ts';
import { overlayRows, scrollIntoView } from '../../ui/scroll.ts';
import type { TextSpan } from '../../ui/styled-row.ts';
import { fitTo, wrapText } from '../../ui/text/fit.ts';
import type { DialogProps, DialogRules } from '../define-feature.ts';
import type { HomesListing } from './model.ts';
import { isShown, switchHome } from './reducer.ts';

/** Enter opens the selected home. */
export const homesRules: DialogRules<'homes'> = {
  onInput: (state, dialog, input) =>
    inputToList(state, dialog, input, { rows: dialog.listing?.homes ?? [], take: switchHome }),
  rowAt: (state, dialog, click, body) => rowInBox(homesBox(state, dialog, body), click),
};

const MAX_COLUMNS = 90;
const MAX_LABEL_CELLS = 30;
const STATE_CELLS = 10;
/** The sign of the selected row, and a blank. */
const SIGN_CELLS = 2;

/** The list, and below it `notes` in lines that have room. */
function homesBox(state: State, { listing, index, refused }: DialogOf<'homes'>, body: Rect) {
  const count = listing?.homes.length ?? 0;
  const textCells = Math.max(1, boxColumns(body, MAX_COLUMNS) - 4);
  const texts: [string, 'bad' | 'faint'][] =
    refused === undefined ? [] : [[sanitizeText(refused.why), 'bad']];
  const notes = [...texts, ...describeListing(listing)].flatMap(([text, style]) =>
    wrapText(text, textCells).map((line) => [line, style] as const),
  );
  const height = Math.min(Math.max(1, count), Math.max(1, overlayRows(state) - notes.length));
  const rect = centerRect(body, MAX_COLUMNS, height + notes.length + 2);
  return { rect, above: 0, top: scrollIntoView(index, 0, height, count), height, count, notes };
}

export function HomesDialog({ state, dialog, body }: DialogProps<'homes'>) {
  const { sign } = useTheme();
  const { listing, index } = dialog;
  const rows = listing?.homes ?? [];
  const { rect, top, height, notes } = homesBox(state, dialog, body);
  const inner = rect.columns - 4;
  const labelCells = Math.min(MAX_LABEL_CELLS, Math.max(4, ...rows.map(({ label }) => displayWidth(label))));
  const lines = rows.slice(top, top + height).map((home, at): OverlayLine => {
    const selected = top + at === index;
    // In its own colours, each part of the selected row would have another background.
    const spans = spansOf(state, home, labelCells, inner - SIGN_CELLS).map(
      (span): TextSpan => (selected ? { ...span, style: 'plain' } : span),
    );
    const pointer: TextSpan = { text: `${selected ? sign('pointer') : ' '} `, style: 'pointer' };
    return {
      key: `${top + at}`,
      cells: inner,
      content: <Spans row={{ spans: [pointer, ...spans], selected }} />,
    };
  });
  const noted = notes.map(([text, style], at) => textLine(`note ${at}`, text, style, inner));
  const scroll = { top, height, count: rows.length, index };
  return <Overlay rect={rect} title="Homes" lines={[...lines, ...noted]} scroll={scroll} />;
}

function spansOf(state: State, home: OpenableHome, labelCells: number, cells: number): readonly TextSpan[] {
  const { label, place, ssh } = home;
  const isNow = isShown(state, home);
  const where = isNow ? 'shown now' : ssh === undefined ? '' : 'over ssh';
  const room = Math.max(0, cells - labelCells - 2 - STATE_CELLS);
  return [
    { text: `${fitTo(sanitizeText(label), labelCells)}  `, style: isNow ? 'heading' : 'plain' },
    { text: fitTo(hasName(home) ? sanitizeText(place) : '', room), style: 'faint' },
    { text: fitTo(where, STATE_CELLS), style: isNow ? 'good' : 'faint' },
  ];
}

/** What is wrong with the file, or how a home gets a name. */
function describeListing(listing: HomesListing | undefined): [string, 'bad' | 'faint'][] {
  if (listing === undefined) return [['Reading the homes…', 'faint']];
  const { file, machine, homes, problems } = listing;
  const [first, ...others] = problems;
  if (first !== undefined)
    return [[others.length === 0 ? first : `${first} (${others.length} more; see quickscrape homes)`, 'bad']];
  if (machine !== undefined)
    return [[`These are the homes of ${sanitizeText(machine)}; q leads back to your machine.`, 'faint']];
  if (homes.some(hasName)) return [];
  return [[`A line in ${file} names one: acme: ~/scrapes/acme, or paris: ssh://paris/srv/scrapes`, 'faint']];
}
