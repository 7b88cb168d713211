/** What a run found, for a page that shows it. */
export interface ItemsPage {
  title: string;
  items: readonly Readonly<Record<string, unknown>>[];
  /** How many the run has in all. */
  total: number;
}

const MAX_CELL = 500;

/**
 * The items as a table. All of them come from web pages, so each text is escaped, nothing is a link, and the policy
 * allows no script, no picture and no request: only this page's own style.
 * @param nonce a new one for each page
 */
export function itemsPage({ title, items, total }: ItemsPage, nonce: string): string {
  const columns = [...new Set(items.flatMap((item) => Object.keys(item)))];
  const head = columns.map((name) => `<th scope="col">${escapeHtml(name)}</th>`).join('');
  const rows = items.map((item, index) => {
    const cells = columns.map((name) => `<td>${cell(item[name])}</td>`).join('');
    return `<tr><th scope="row">${index + 1}</th>${cells}</tr>`;
  });
  const shown =
    items.length < total
      ? `The first ${count(items.length)} of ${count(total)} items`
      : `${count(total)} ${total === 1 ? 'item' : 'items'}`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'">
<title>${escapeHtml(title)}</title>
<style nonce="${nonce}">
table { border-collapse: collapse; font-size: var(--vscode-editor-font-size); }
thead th { position: sticky; top: 0; background: var(--vscode-editor-background); }
th, td { padding: 2px 8px; text-align: left; vertical-align: top; border-bottom: 1px solid var(--vscode-panel-border); }
td { max-width: 40em; overflow-wrap: anywhere; }
tbody th { color: var(--vscode-descriptionForeground); font-weight: normal; }
.none { color: var(--vscode-descriptionForeground); }
</style>
</head>
<body>
<p>${escapeHtml(shown)}</p>
<table>
<thead><tr><th scope="col"></th>${head}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>
</body>
</html>
`;
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '<span class="none">–</span>';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return escapeHtml(text.length > MAX_CELL ? `${text.slice(0, MAX_CELL)}…` : text);
}

function count(number: number): string {
  return number.toLocaleString('en');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
