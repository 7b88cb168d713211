import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import { pluralize } from '../../../core/lib/text.ts';
import type { ImportEntry } from '../../../core/operations/import-bundle.ts';
import type { DialogOf } from '../../kernel/model.ts';
import { centerRect, Overlay, type OverlayLine, textLine } from '../../ui/components/overlay.tsx';
import { Text } from '../../ui/components/text.tsx';
import { overlayRows } from '../../ui/scroll.ts';
import { fitTo } from '../../ui/text/fit.ts';
import type { StyleName } from '../../ui/theme.ts';
import { CLOSE, type DialogProps, type FooterPart, SCROLL } from '../define-feature.ts';
import { isNewIn } from './reducer.ts';

const MAX_COLUMNS = 100;
const OUTCOME_CELLS = 8;

/** What is imported, what stays as it is and why, in this order. */
export function ImportPreview({ state, dialog, body }: DialogProps<'import_preview'>) {
  const { entries, path, top } = dialog;
  const inner = Math.max(1, Math.min(MAX_COLUMNS, body.columns) - 4);
  const notes = notesOf(dialog);
  const height = Math.max(1, Math.min(entries.length, overlayRows(state) - notes.length));
  const lines: OverlayLine[] = [
    ...notes.map(([text, style], at) => textLine(`note ${at}`, text, style, inner)),
    ...entries.slice(top, top + height).map((entry, at) => entryLine(entry, `${top + at}`, inner)),
  ];
  const rect = centerRect(body, MAX_COLUMNS, lines.length + 2);
  return <Overlay rect={rect} title={`Import ${sanitizeText(path)}`} lines={lines} />;
}

const OUTCOMES: Readonly<Record<ImportEntry['outcome'], [string, StyleName]>> = {
  new: ['new', 'good'],
  conflict: ['kept', 'warning'],
  same: ['same', 'faint'],
};

function entryLine(entry: ImportEntry, key: string, inner: number): OverlayLine {
  const [word, style] = OUTCOMES[entry.outcome];
  return {
    key,
    cells: inner,
    content: (
      <>
        <Text style={style}>{fitTo(word, OUTCOME_CELLS)}</Text>
        <Text style={entry.outcome === 'same' ? 'faint' : 'plain'}>
          {fitTo(describeEntry(entry), inner - OUTCOME_CELLS)}
        </Text>
      </>
    ),
  };
}

function describeEntry({ kind, name, reason, missing = [] }: ImportEntry): string {
  const needs = missing.length === 0 ? undefined : `copy its addresses, too: ${missing.join(', ')}`;
  const about = reason ?? needs;
  return sanitizeText(`${kind} ${name}${about === undefined ? '' : `: ${about}`}`);
}

function notesOf({ entries, enabled }: DialogOf<'import_preview'>): [string, StyleName][] {
  const count = (outcome: ImportEntry['outcome']) =>
    entries.filter((entry) => entry.outcome === outcome).length;
  const [added, same, kept] = [count('new'), count('same'), count('conflict')];
  const parts = [
    `${added} new`,
    ...(same > 0 ? [`${same} the same`] : []),
    ...(kept > 0 ? [`${kept} differ and stay as they are here`] : []),
  ];
  const summary =
    added === 0
      ? `Nothing to import: ${parts.slice(1).join(', ') || 'the file is empty'}.`
      : `${parts.join(', ')}. Nothing is overwritten.`;
  const runs = `${pluralize(enabled, 'new job')} ${enabled === 1 ? 'is' : 'are'} enabled and will run when due.`;
  return [[summary, 'heading'], ...(enabled === 0 ? [] : [[runs, 'warning'] as [string, StyleName]])];
}

export function importPreviewKeys(dialog: DialogOf<'import_preview'>): readonly FooterPart[] {
  return isNewIn(dialog)
    ? [{ key: 'Enter', word: 'import what is new' }, SCROLL, { key: 'Esc', word: 'cancel' }]
    : [SCROLL, CLOSE];
}
