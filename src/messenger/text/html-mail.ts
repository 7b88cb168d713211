import { escapeHtml } from '../../core/lib/escape-html.ts';
import type { RowChange } from '../../core/quality/row-change.ts';
import type { MessageText } from './message-text.ts';

const BODY = 'font-family:system-ui,sans-serif;font-size:15px;line-height:1.45;color:#1a1a1a';
const CELL = 'padding:4px 10px 4px 0;border-bottom:1px solid #ddd;vertical-align:top;text-align:left';
const CODE = 'font-family:ui-monospace,monospace;font-size:13px;background:#f2f2f2;padding:2px 5px';
const SIGNS = { added: 'new', removed: 'gone', changed: 'changed' } as const;

/**
 * The message as a page of HTML for mail: no links, no pictures, no styles but its own. Addresses of pages are shown as
 * text.
 */
export function toHtmlMail(text: MessageText): string {
  const paragraphs = text.paragraphs.map(
    (paragraph) => `<p>${escapeHtml(paragraph).replaceAll('\n', '<br>')}</p>`,
  );
  const more = text.moreChanges > 0 ? `<p>and ${text.moreChanges.toLocaleString('en-US')} more</p>` : '';
  const table =
    text.changes.length === 0
      ? ''
      : `<table style="border-collapse:collapse">${text.changes.map(toRow).join('')}</table>${more}`;
  const next = text.next.map((step) => `<p><code style="${CODE}">${escapeHtml(step)}</code></p>`);
  return [
    '<!doctype html><html lang="en"><meta charset="utf-8">',
    `<body style="${BODY}"><h1 style="font-size:18px">${escapeHtml(text.title)}</h1>`,
    ...paragraphs,
    table,
    ...next,
    '</body></html>',
  ].join('\n');
}

function toRow({ kind, name, values }: RowChange): string {
  const shown = values.map(({ field, before, after }) => {
    const value =
      kind === 'changed'
        ? `${toValue(before ?? '(none)')} → <b>${toValue(after ?? '(none)')}</b>`
        : toValue(after ?? before ?? '');
    return `${escapeHtml(field)}: ${value}`;
  });
  return `<tr><td style="${CELL}">${SIGNS[kind]}</td><td style="${CELL}">${toValue(name)}</td><td style="${CELL}">${shown.join('<br>')}</td></tr>`;
}

/** A value with a direction of its own, so that letters from right to left do not swap it with its neighbour. */
function toValue(value: string): string {
  return `<bdi>${escapeHtml(value)}</bdi>`;
}
