import type { RunRepairs } from '../../../core/diagnostics/runs/find-repairs.ts';
import { displayWidth } from '../../../core/lib/display-width.ts';
import { isRecord } from '../../../core/lib/json.ts';
import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import { capitalized, pluralize, truncateList } from '../../../core/lib/text.ts';
import type { BrokenSelector } from '../../../core/quality/broken-selectors.ts';
import type { State } from '../../kernel/model.ts';
import { localizeInstants } from '../../ui/format.ts';
import { plainRow, type StyledRow, styledRow, type TextSpan, wrappedRows } from '../../ui/styled-row.ts';
import { wrapText } from '../../ui/text/fit.ts';
import { findDraft } from './config-state.ts';
import { hasSavedPage } from './model.ts';
import { firstAddress, isWriting, listProposed, listRepairable, type Repairable } from './repair-state.ts';
import { livePageRows, spinnerRow } from './result-rows.ts';

type Proposal = NonNullable<BrokenSelector['proposal']>;

/** The first lines of an explanation that are worth their room. */
const MAX_EXPLANATION = 3;

/** The broken selectors of a run, the first to repair uncut and with its proposal, then what to press next. */
export function repairRows(state: State, columns: number): StyledRow[] {
  const { repair } = state.configs.editor;
  if (repair === null) return [];
  const { outcome, isLive } = repair;
  if (outcome === 'searching') {
    const what = isLive
      ? `Fetching ${sanitizeText(firstAddress(state) ?? 'the first page')} (live page)`
      : 'Looking for what is broken, and for other selectors';
    const keys = repair.isAwaited
      ? 'Enter pressed: the proposal is taken when it is found. Esc cancels.'
      : 'Enter takes what it finds. Esc cancels it.';
    return [
      spinnerRow(what, repair.startedAt),
      ...wrappedRows(keys, columns, repair.isAwaited ? 'key' : 'faint'),
    ];
  }
  const again = isLive ? 'f fetches the live page again.' : 'R looks for broken selectors again.';
  if (outcome === 'cancelled') return wrappedRows(`Cancelled. ${again}`, columns, 'faint');
  if (!outcome.ok) {
    const { message, hint } = outcome.failure;
    const title = isLive ? 'The live page cannot be used' : 'Repair';
    return [
      plainRow(title, 'heading'),
      ...wrappedRows(message, columns, 'bad'),
      ...wrappedRows(endSentence(hint), columns),
      ...wrappedRows(again, columns, 'key'),
    ];
  }
  const { found } = outcome;
  const all = listRepairable(state);
  if (all.length === 0)
    return [...headRows(state, found, 0, columns), ...nothingBrokenRows(state, found, columns)];
  const open = all.filter(({ isOpen }) => isOpen);
  const [first] = open;
  if (first === undefined) {
    const names = truncateList(all.map(({ broken }) => nameOf(broken)));
    const head = `Repair: ${names} ${all.length === 1 ? 'is' : 'are'} replaced`;
    return [
      ...wrappedRows(head, columns, 'heading'),
      ...savingRows(state, columns),
      ...livePageRows(state, columns),
    ];
  }
  return [
    ...headRows(state, found, open.length, columns),
    ...selectorRows(first.broken, columns),
    ...nextRows(state, first.broken, { found, open: open.length, columns }),
    ...all.filter((one) => one !== first).map((one) => otherRow(one, columns)),
  ];
}

/** What is to be done, or which page came in place of the one with the rows. */
function headRows(
  state: State,
  { isOtherPage, explanation, page }: RunRepairs,
  open: number,
  columns: number,
): StyledRow[] {
  const on = page === 'live' ? ' on the live page' : '';
  const head = open > 0 ? `Repair: ${pluralize(open, 'broken selector')}${on}` : `Repair${on}`;
  const other = isOtherPage && page !== 'none' ? explanation.slice(0, MAX_EXPLANATION) : [];
  return [
    ...wrappedRows(head, columns, 'heading'),
    ...other.flatMap((line) => wrappedRows(withLocalTimes(state, line), columns, 'warning')),
  ];
}

/**
 * `price  .price_color 0/60 → .amount-now 20/20 "£10.80"`: in one row if it fits, otherwise in as many as it needs.
 * Nothing of it is cut.
 */
function selectorRows(broken: BrokenSelector, columns: number): StyledRow[] {
  const parts = selectorParts(broken);
  const cells = parts.reduce((sum, { text }) => sum + displayWidth(text), 0);
  if (cells <= columns) return [{ spans: parts }];
  const [label, own, other] = parts.map(({ text }) => text);
  return [
    ...wrapped(`${label}${own}`, columns, 'bad'),
    ...(other === undefined ? [] : wrapped(`  ${other.trim()}`, columns, 'good')),
  ];
}

/** A selector whose turn is later, or past, cut to the width: the text and the test show it, too. */
function otherRow({ broken, isOpen }: Repairable, columns: number): StyledRow {
  if (isOpen) return styledRow(columns, ...selectorParts(broken));
  const [label, ...others] = selectorParts(broken);
  const text = [`${label?.text.trim()}, replaced:  `, ...others.map((part) => part.text)].join('');
  return styledRow(columns, { text, style: 'faint' });
}

function selectorParts(broken: BrokenSelector): TextSpan[] {
  const { selector, matched, usual, proposal } = broken;
  const counts = usual === null ? `${matched}` : `${matched}/${usual}`;
  const parts: TextSpan[] = [
    { text: `${nameOf(broken)}  `, style: 'plain' },
    { text: `${selector} ${counts}`, style: 'bad' },
    ...(proposal === undefined ? [] : [{ text: ` → ${formatProposal(proposal)}`, style: 'good' as const }]),
  ];
  return parts.map(({ text, style }) => ({ text: sanitizeText(text), style }));
}

function nameOf({ part, field }: BrokenSelector): string {
  return part === 'field' ? field : `[${part}]`;
}

function wrapped(text: string, columns: number, style: 'bad' | 'good'): StyledRow[] {
  return wrapText(text, columns).map((part) => plainRow(part, style));
}

function formatProposal({ value, filled, rows, first }: Proposal): string {
  const counts = rows === null ? `${filled}` : `${filled}/${rows}`;
  return `${formatSelector(value)} ${counts}${first === undefined ? '' : ` ${JSON.stringify(first)}`}`;
}

/** A selector; with its attribute, if the value is in another one now. */
function formatSelector(value: Proposal['value']): string {
  if (!isRecord(value)) return value;
  const attribute = value['attribute'];
  return `${value['selector']}${typeof attribute === 'string' ? ` @${attribute}` : ''}`;
}

const REASONS: Record<Proposal['basis'], string> = {
  earlier_page: 'It holds the values that were there before.',
  earlier_rows: 'It holds values that the last good run wrote.',
  similar_name: 'It stands in the same place: see whether the value is right.',
};

function reasonFor({ gaps, field }: BrokenSelector, { basis }: Proposal): string {
  if (gaps === undefined) return REASONS[basis];
  const lack = `${pluralize(gaps, 'row of the page lacks', 'rows of the page lack')} ${field}`;
  return `${lack}; the second selector has it there. The others stay as they are.`;
}

interface Open {
  found: RunRepairs;
  /** The number of selectors that are still broken. */
  open: number;
  columns: number;
}

function nextRows(state: State, broken: BrokenSelector, { found, open, columns }: Open): StyledRow[] {
  const another = open > 1 ? ' n goes to the next one.' : '';
  if (broken.proposal !== undefined) {
    const takeAll = listProposed(state).length > 1 ? ' A takes all.' : '';
    const keys = isWriting(state)
      ? 'It is being written…'
      : found.page === 'live'
        ? `Enter takes it, as it was tried on the live page.${another}${takeAll}`
        : `Enter takes it and tries it on the kept page.${another}${takeAll}`;
    return [
      ...wrappedRows(keys, columns, 'key'),
      ...wrappedRows(reasonFor(broken, broken.proposal), columns, 'faint'),
    ];
  }
  const hasDraft = findDraft(state, state.configs.editor.name) !== undefined;
  const others = hasDraft && !state.readOnly ? ' Ctrl-S saves what is replaced.' : '';
  return [...whyNoProposal(broken, found), `${nextWithoutProposal(state, found)}${another}${others}`].flatMap(
    (line) => wrappedRows(line, columns),
  );
}

function whyNoProposal(
  { part, field, nearest }: BrokenSelector,
  { page, problem, runId }: RunRepairs,
): string[] {
  if (page === 'none') return [`Run ${runId} kept no page, so nothing can be proposed from it.`];
  if (problem !== null) return [problem];
  return [
    `No other selector on the ${page} page holds what ${field} held.`,
    ...(nearest === undefined ? [] : [describeNearest(nearest)]),
    ...(part === 'field' ? [`If the site no longer shows ${field}, take it out of the text.`] : []),
  ];
}

function describeNearest({ prefix, matched, missing, near }: NonNullable<BrokenSelector['nearest']>): string {
  const where =
    prefix === ''
      ? `There is no ${missing}`
      : `${prefix} matches ${matched}, and there is no ${missing} in it`;
  return `${where}${near.length === 0 ? '' : `; near are ${near.join(', ')}`}.`;
}

function nextWithoutProposal(state: State, { page }: RunRepairs): string {
  if (page === 'kept') return 'p shows the page, e edits the text, t tries it. f looks on the live page.';
  if (page === 'live') return 'e edits the text, t tests it on the live page.';
  return `${lookOnLivePage(state)} e edits the text.`;
}

function lookOnLivePage(state: State): string {
  return `f fetches ${sanitizeText(firstAddress(state) ?? 'the live page')} and looks there.`;
}

/** All is replaced: what is left to press. */
function savingRows(state: State, columns: number): StyledRow[] {
  const { name, run } = state.configs.editor;
  const job = run?.jobId ?? 'the job';
  const draft = findDraft(state, name);
  if (draft === undefined) return wrappedRows(`Saved. r runs ${job} again.`, columns, 'key');
  if (draft.thenRuns !== undefined)
    return wrappedRows(`r pressed: ${draft.thenRuns} runs when it is saved.`, columns, 'key');
  if (draft.isSaveAwaited)
    return wrappedRows(`Ctrl-S pressed: it is saved when it is checked. r then runs ${job}.`, columns, 'key');
  if (draft.isSaving) return wrappedRows(`Saving. r runs ${job} again.`, columns, 'key');
  const tryLive = hasSavedPage(state.configs.editor) ? 'w tests it on the live page. ' : '';
  const words = state.readOnly
    ? 'Tried only: the dashboard was opened with --read-only, so nothing is saved. y copies the text.'
    : `Ctrl-S saves it, then r runs ${job} again. ${tryLive}x discards it.`;
  return wrappedRows(words, columns, 'key');
}

function nothingBrokenRows(state: State, found: RunRepairs, columns: number): StyledRow[] {
  return [...whyNothingBroken(found).map(capitalized), nextWithoutBroken(state, found)].flatMap((line) =>
    wrappedRows(withLocalTimes(state, line), columns),
  );
}

function withLocalTimes({ now, timezone }: State, line: string): string {
  return localizeInstants(line, { now, zone: timezone, here: timezone });
}

function whyNothingBroken({
  page,
  problem,
  isOtherPage,
  isChangedSince,
  explanation,
  runId,
}: RunRepairs): string[] {
  if (isChangedSince) return explanation.slice(0, MAX_EXPLANATION);
  if (page === 'none')
    return [
      ...explanation.slice(0, MAX_EXPLANATION),
      `Run ${runId} kept no page, and none of its selectors is known to be broken.`,
    ];
  if (problem !== null) return [problem];
  if (isOtherPage) return ['No selector can be repaired on it.'];
  if (page === 'live') return ['All selectors of this text match on the live page.'];
  return [
    'All selectors of this text match on the page that the run kept.',
    ...explanation.slice(0, MAX_EXPLANATION),
  ];
}

function nextWithoutBroken(state: State, { page, isOtherPage, isChangedSince }: RunRepairs): string {
  const run = state.readOnly ? '' : 'r runs it again. ';
  if (isChangedSince) return `${run}${lookOnLivePage(state)}`;
  if (page === 'none') return lookOnLivePage(state);
  if (page === 'live')
    return isOtherPage ? 't tests it again, with what it finds.' : `${run}t shows its rows.`;
  return isOtherPage ? `p shows the page. ${lookOnLivePage(state)}` : `${run}${lookOnLivePage(state)}`;
}

function endSentence(text = ''): string {
  return text === '' || /[.!?…]$/.test(text) ? text : `${text}.`;
}
