import { displayWidth } from '../../../core/lib/display-width.ts';
import { isRecord } from '../../../core/lib/json.ts';
import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import { capitalized, pluralize, truncateList } from '../../../core/lib/text.ts';
import type { BrokenSelector, RunRepairs } from '../../../core/operations/find-repairs.ts';
import type { State } from '../../kernel/model.ts';
import { plainRow, type StyledRow, styledRow, type TextSpan, wrappedRows } from '../../ui/styled-row.ts';
import { wrapText } from '../../ui/text/fit.ts';
import { findDraft } from './config-state.ts';
import { isWriting, listProposed, listRepairable, type Repairable } from './repair-state.ts';
import { spinnerRow } from './result-rows.ts';

type Proposal = NonNullable<BrokenSelector['proposal']>;

/** The first lines of an explanation that are worth their room. */
const MAX_EXPLANATION = 4;

/** The broken selectors of a run, the first to repair uncut and with its proposal, then what to press next. */
export function repairRows(state: State, columns: number): StyledRow[] {
  const { repair } = state.configs.editor;
  if (repair === null) return [];
  const { outcome } = repair;
  if (outcome === 'searching')
    return [
      spinnerRow(`Looking for what is broken, and for other selectors`, repair.startedAt),
      plainRow('Esc cancels it.', 'faint'),
    ];
  if (outcome === 'cancelled') return [plainRow('Cancelled. R looks for broken selectors again.', 'faint')];
  if (!outcome.ok) {
    const { message, hint } = outcome.failure;
    return [
      ...wrappedRows(message, columns, 'bad'),
      ...wrappedRows(`${hint ?? ''} R looks again.`.trim(), columns),
    ];
  }
  const { found } = outcome;
  const all = listRepairable(state);
  if (all.length === 0)
    return [...headRows(found, 0, columns), ...nothingBrokenRows(found, state.readOnly, columns)];
  const open = all.filter(({ isOpen }) => isOpen);
  const [first] = open;
  if (first === undefined) {
    const names = truncateList(all.map(({ broken }) => nameOf(broken)));
    const head = `Repair: ${names} ${all.length === 1 ? 'is' : 'are'} replaced`;
    return [...wrappedRows(head, columns, 'heading'), ...savingRows(state, columns)];
  }
  return [
    ...headRows(found, open.length, columns),
    ...selectorRows(first.broken, columns),
    ...nextRows(state, first.broken, { found, open: open.length, columns }),
    ...all.filter((one) => one !== first).map((one) => otherRow(one, columns)),
  ];
}

/** What is to be done, or which page came in place of the one with the rows. */
function headRows(
  { isOtherPage, explanation, hasPage }: RunRepairs,
  open: number,
  columns: number,
): StyledRow[] {
  const count = pluralize(open, 'broken selector');
  const head = open > 0 ? `Repair: ${count}` : 'Repair';
  const other = isOtherPage && hasPage ? explanation.slice(1, MAX_EXPLANATION) : [];
  return [
    ...wrappedRows(head, columns, 'heading'),
    ...other.flatMap((line) => wrappedRows(line, columns, 'warning')),
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
      : `Enter takes it and tries it on the kept page.${another}${takeAll}`;
    return [
      ...wrappedRows(keys, columns, 'key'),
      ...wrappedRows(REASONS[broken.proposal.basis], columns, 'faint'),
    ];
  }
  const hasDraft = findDraft(state, state.configs.editor.name) !== undefined;
  const others = hasDraft && !state.readOnly ? ' Ctrl-S saves what is replaced.' : '';
  return [
    ...whyNoProposal(broken, found),
    `${nextWithoutProposal(found, state.readOnly)}${another}${others}`,
  ].flatMap((line) => wrappedRows(line, columns));
}

function whyNoProposal(
  { field, nearest }: BrokenSelector,
  { hasPage, problem, runId }: RunRepairs,
): string[] {
  if (!hasPage) return [`Run ${runId} kept no page, so nothing can be proposed.`];
  if (problem !== null) return [problem];
  return [
    `No other selector on the kept page holds what ${field} held.`,
    ...(nearest === undefined ? [] : [describeNearest(nearest)]),
  ];
}

function describeNearest({ prefix, matched, missing, near }: NonNullable<BrokenSelector['nearest']>): string {
  const where =
    prefix === ''
      ? `There is no ${missing}`
      : `${prefix} matches ${matched}, and there is no ${missing} in it`;
  return `${where}${near.length === 0 ? '' : `; near are ${near.join(', ')}`}.`;
}

function nextWithoutProposal({ hasPage }: RunRepairs, readOnly: boolean): string {
  if (hasPage) return 'p shows the page, e edits the text, t tries it.';
  const again = readOnly ? '' : ' r runs it again: a run that fails keeps a page of up to 2 MB.';
  return `t tests the live page, e edits the text.${again}`;
}

/** All is replaced: what is left to press. */
function savingRows(state: State, columns: number): StyledRow[] {
  const { name, run } = state.configs.editor;
  const job = run?.jobId ?? 'the job';
  if (findDraft(state, name) === undefined) return wrappedRows(`Saved. r runs ${job} again.`, columns, 'key');
  const words = state.readOnly
    ? 'Tried only: the dashboard was opened with --read-only, so nothing is saved. y copies the text.'
    : `Ctrl-S saves it, then r runs ${job} again. x discards it.`;
  return wrappedRows(words, columns, 'key');
}

function nothingBrokenRows(found: RunRepairs, readOnly: boolean, columns: number): StyledRow[] {
  const { hasPage, problem, isOtherPage, explanation, runId } = found;
  const why = !hasPage
    ? [`Run ${runId} kept no page, and none of its selectors is known to be broken.`]
    : problem !== null
      ? [problem]
      : isOtherPage
        ? ['No selector can be repaired on it.']
        : [
            'All selectors of this text match on the page that the run kept.',
            ...explanation.slice(1, MAX_EXPLANATION),
          ];
  const next = !hasPage
    ? nextWithoutProposal(found, readOnly)
    : isOtherPage
      ? 'p shows the page. w tests the live page.'
      : `${readOnly ? '' : 'r runs it again. '}w tests the live page.`;
  return [...why.map(capitalized), next].flatMap((line) => wrappedRows(line, columns));
}
