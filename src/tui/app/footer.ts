import { displayWidth } from '../../core/lib/display-width.ts';
import type { FooterPart } from '../features/define-feature.ts';
import { availability } from '../kernel/action.ts';
import { formatKey } from '../kernel/key-bindings.ts';
import type { State } from '../kernel/model.ts';
import { reachableActions, workingKeys } from './actions.ts';
import { dialogOf } from './dialogs.tsx';
import { viewOf } from './features.ts';

/** Always at the end, in any width: how to leave, and how to find the other keys. */
const ALWAYS_SHOWN = ['view.back', 'help.open', 'program.quit'];
const GAP = 2;

/** The available actions for the footer that fit into `columns`: the urgent ones first, then in the table's order. */
export function footerParts(state: State, columns: number): readonly FooterPart[] {
  return shownParts(state, columns).map(({ key, word, isRefused }) => ({
    key,
    word,
    ...(isRefused && { isRefused }),
  }));
}

/** The part of the footer in a column of the screen, with the id of its action if it has one. */
export function footerPartAt(state: State, column: number): ShownPart | undefined {
  let end = 0;
  return shownParts(state, state.columns).find((part) => {
    const start = end;
    end += cells(part);
    return column >= start && column < end - GAP;
  });
}

/** A part of the footer; one of a dialog, or while the user types, has no action. */
type ShownPart = FooterPart & { id?: string };

function shownParts(state: State, columns: number): readonly ShownPart[] {
  if (state.dialog !== undefined) {
    const { footer } = dialogOf(state.dialog);
    const parts = typeof footer === 'function' ? footer(state, state.dialog, columns) : footer;
    return fitPartsBeforeLast(parts, columns);
  }
  const typing = viewOf(state).footer?.(state);
  if (typing !== undefined) return fitParts(typing, columns);
  if (state.chord.length > 0) return fitParts(chordParts(state), columns);
  const all = reachableActions(state)
    .map((action) => ({ action, urgent: action.urgent?.(state) }))
    .filter(({ action, urgent }) => urgent ?? (action.footerWhen?.(state) !== false && action.footer))
    .filter(({ action }) => availability(action, state) === true)
    .map(({ action: { id, keys, footer = '', footerLast = false }, urgent }) => ({
      id,
      key: formatKey(workingKeys(state, { id, keys })[0] ?? ''),
      word: urgent ?? footer,
      rank: urgent !== undefined ? 0 : footerLast ? 2 : 1,
    }))
    .filter(({ key }) => key !== '');
  const parts = all.toSorted((one, other) => one.rank - other.rank);
  const last = parts.filter(({ id }) => ALWAYS_SHOWN.includes(id));
  let room = columns - last.reduce((sum, part) => sum + cells(part), 0);
  const first = parts.filter((part) => {
    if (ALWAYS_SHOWN.includes(part.id) || cells(part) > room) return false;
    room -= cells(part);
    return true;
  });
  return [...first, ...last];
}

/** The chords that go on from the keys so far, with what they do. */
function chordParts(state: State): readonly ShownPart[] {
  const begun = `${state.chord.join(' ')} `;
  return reachableActions(state).flatMap(({ id, keys, title, footer }) => {
    const key = workingKeys(state, { id, keys }).find((each) => each.startsWith(begun));
    return key === undefined ? [] : [{ id, key: formatKey(key), word: footer ?? title.toLowerCase() }];
  });
}

/** The first parts that fit. */
function fitParts<P extends FooterPart>(parts: readonly P[], columns: number): readonly P[] {
  let room = columns + GAP;
  return parts.filter((part) => {
    room -= cells(part);
    return room >= 0;
  });
}

/** The first parts that fit beside the last one, which always stays. */
function fitPartsBeforeLast(parts: readonly FooterPart[], columns: number): readonly FooterPart[] {
  const last = parts.slice(-1);
  const room = columns - last.reduce((sum, part) => sum + cells(part), 0);
  return [...fitParts(parts.slice(0, -1), room), ...last];
}

function cells({ key, word }: FooterPart): number {
  return displayWidth(key) + 1 + displayWidth(word) + GAP;
}
