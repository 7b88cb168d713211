import { reachableActions } from '../actions/action-table.ts';
import type { FormPanel } from '../features/job-form/model.ts';

import { panelContent } from '../features/job-form/panel-lines.ts';
import { SCHEDULER_START, SCHEDULER_STOP } from '../features/scheduler/actions.ts';
import { textWidth } from '../ui/text/fit.ts';
import { availability } from './action.ts';
import { formatKey } from './keys/format-key.ts';
import { workingKeys } from './keys/key-bindings.ts';
import type { DialogKind, State } from './model.ts';
import { currentView } from './navigation.ts';

export interface FooterPart {
  key: string;
  word: string;
}

/** Kept at the end whatever the room: how to get out and how to find the rest. */
const ALWAYS_SHOWN = ['view.back', 'help.open', 'program.quit'];
const GAP = 2;

/** The filter of a short list is being typed. */
function isListFiltered(state: State): boolean {
  const { name } = currentView(state);
  const { configs, trash } = state;
  return (name === 'configs' && configs.filter.isOpen) || (name === 'trash' && trash.filter.isOpen);
}

/** The actions of the footer that can be done now, as many as fit into `columns`: the urgent, then in the table's order. */
export function footerParts(state: State, columns: number): readonly FooterPart[] {
  if (state.dialog?.kind === 'confirm' && state.dialog.count === undefined)
    return [{ key: 'y', word: 'yes' }, ...DIALOG_PARTS.confirm];
  if (state.dialog?.kind === 'scheduler') {
    const [start, stop] = [SCHEDULER_START, SCHEDULER_STOP].map((each) => availability(each, state) === true);
    return DIALOG_PARTS.scheduler.filter(({ key }) => (key === 's' ? start : key !== 'x' || stop));
  }
  if (state.dialog?.kind === 'form')
    return fitPartsBeforeLast(panelParts(state, state.dialog.panel, columns), columns);
  if (state.dialog !== undefined) return fitPartsBeforeLast(DIALOG_PARTS[state.dialog.kind], columns);
  if (['jobs', 'timeline'].includes(currentView(state).name) && state.jobs.find.isOpen)
    return fitParts(FIND_PARTS, columns);
  if (isListFiltered(state)) return fitParts(LIST_FILTER_PARTS, columns);
  if (state.chord.length > 0) return [{ key: state.chord.map(formatKey).join(' '), word: '…' }];
  const all = reachableActions(state)
    .map((action) => ({ action, urgent: action.urgent?.(state) }))
    .filter(({ action, urgent }) => (urgent ?? action.footer) && availability(action, state) === true)
    .map(({ action: { id, keys, footer = '' }, urgent }) => ({
      id,
      key: formatKey(workingKeys(state, { id, keys })[0] ?? ''),
      word: urgent ?? footer,
      isUrgent: urgent !== undefined,
    }))
    .filter(({ key }) => key !== '');
  const parts = [...all.filter(({ isUrgent }) => isUrgent), ...all.filter(({ isUrgent }) => !isUrgent)];
  const last = parts.filter(({ id }) => ALWAYS_SHOWN.includes(id));
  let room = columns - last.reduce((sum, part) => sum + cells(part), 0);
  const first = parts.filter((part) => {
    if (ALWAYS_SHOWN.includes(part.id) || cells(part) > room) return false;
    room -= cells(part);
    return true;
  });
  return [...first, ...last].map(({ key, word }) => ({ key, word }));
}

/** The keys that a panel of the form names itself. */
function panelParts(state: State, panel: FormPanel, columns: number): readonly FooterPart[] {
  return panelContent(state, panel, columns)
    .keys.split(/ {2,}/)
    .map((named) => {
      const [key = '', ...texts] = named.split(' ');
      return { key, word: texts.join(' ') };
    });
}

/** The first of them that fit. */
function fitParts(parts: readonly FooterPart[], columns: number): readonly FooterPart[] {
  let room = columns + GAP;
  return parts.filter((part) => {
    room -= cells(part);
    return room >= 0;
  });
}

/** The first of them that fit beside the last, which is the way out. */
function fitPartsBeforeLast(parts: readonly FooterPart[], columns: number): readonly FooterPart[] {
  const last = parts.slice(-1);
  const room = columns - last.reduce((sum, part) => sum + cells(part), 0);
  return [...fitParts(parts.slice(0, -1), room), ...last];
}

function cells({ key, word }: FooterPart): number {
  return textWidth(key) + 1 + textWidth(word) + GAP;
}

const CHOOSE: FooterPart = { key: '↑↓', word: 'choose' };
const SCROLL: FooterPart = { key: '↑↓', word: 'scroll' };
const CLOSE: FooterPart = { key: 'Esc', word: 'close' };

const DIALOG_PARTS: { readonly [K in Exclude<DialogKind, 'form'>]: readonly FooterPart[] } = {
  confirm: [{ key: 'Esc', word: 'no' }],
  palette: [{ key: 'Enter', word: 'do it' }, CHOOSE, CLOSE],
  sort: [{ key: 'Enter', word: 'sort' }, CHOOSE, CLOSE],
  new_config: [{ key: 'Enter', word: 'go on' }, { key: 'Tab', word: 'other field' }, CLOSE],
  help: [SCROLL, CLOSE],
  results: [{ key: 'u', word: 'undo' }, SCROLL, CLOSE],
  journal: [{ key: 'Enter', word: 'undo or redo it' }, CHOOSE, CLOSE],
  activity: [{ key: 'Enter', word: 'go to the job' }, CHOOSE, CLOSE],
  tags: [{ key: 'Enter', word: 'apply' }, CLOSE],
  scheduler: [{ key: 's', word: 'start' }, { key: 'x', word: 'stop' }, CLOSE],
};

const LIST_FILTER_PARTS: readonly FooterPart[] = [
  { key: 'Enter', word: 'keep' },
  { key: 'Esc', word: 'undo' },
];
const FIND_PARTS: readonly FooterPart[] = [
  { key: 'Enter', word: 'keep' },
  { key: 'Esc', word: 'undo' },
  { key: 'Tab', word: 'complete' },
  { key: '↑↓', word: 'earlier' },
];
