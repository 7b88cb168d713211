import type { State } from '../../kernel/model.ts';
import { DETAIL_TABS, type DetailTab } from './model.ts';

/** From this width on, the tabs stand beside the name of the job. */
const BESIDE_FROM = 66;
/** With fewer rows, a line of their own would take too much from the detail. */
const OWN_LINE_ROWS = 16;

/** Where the tabs stand: beside the name, below it, or only the current one with its number. */
export type TabPlace = 'beside' | 'below' | 'short';

export function tabPlace(
  { columns, rows }: { columns: number; rows: number },
  /** A screen reader hears the current one alone. */
  linear: boolean,
): TabPlace {
  if (linear) return 'short';
  if (columns >= BESIDE_FROM) return 'beside';
  return rows >= OWN_LINE_ROWS && columns >= TABS_CELLS ? 'below' : 'short';
}

/** The tabs as texts of which none changes its place with the current one, which stands in brackets. */
export function tabTexts(current: DetailTab): readonly string[] {
  return DETAIL_TABS.map((tab) => (tab === current ? `[${tab}]` : ` ${tab} `));
}

/** The width of all tabs, each with a cell on both sides. */
export const TABS_CELLS = DETAIL_TABS.reduce((cells, tab) => cells + tab.length + 2, 0);

/** The tab at this cell, counted from the first one. */
export function tabAt(cell: number): DetailTab | undefined {
  let end = 0;
  return DETAIL_TABS.find((tab) => {
    end += tab.length + 2;
    return cell >= 0 && cell < end;
  });
}

/** `[why] 1/6` */
export function shortTabs(current: DetailTab): string {
  return `[${current}] ${DETAIL_TABS.indexOf(current) + 1}/${DETAIL_TABS.length}`;
}

/** The next tab, or the previous one; after the last one comes the first. */
export function neighbourTab(current: DetailTab, by: 1 | -1): DetailTab {
  const count = DETAIL_TABS.length;
  return DETAIL_TABS[(DETAIL_TABS.indexOf(current) + by + count) % count] ?? 'why';
}

/** The state with this tab, at its beginning. */
export function withTab(state: State, tab: DetailTab): State {
  if (state.detailTab.tab === tab) return state;
  const detail = state.detail.top === 0 ? state.detail : { ...state.detail, top: 0 };
  return { ...state, detail, detailTab: { tab, jobId: '', answer: undefined, top: undefined } };
}
