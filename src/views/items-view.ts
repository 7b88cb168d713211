import { element, formatValue } from './element.ts';
import type { Fields } from './fields.ts';
import { type Cell, type ItemTable, nextSort, type Row, readTable } from './item-table.ts';
import { ToolView } from './tool-view.ts';

/** Rows that the view asks for at once. */
const PAGE_ROWS = 50;

/** The view of `list_items` and `compare_runs`: a table, with paging, order and a search by calls of the same tool. */
class ItemsView extends ToolView<ItemTable> {
  protected read(answer: Fields, before?: ItemTable): ItemTable {
    return readTable(answer, before);
  }

  protected elements(table: ItemTable): HTMLElement[] {
    return [...this.#filter(table), this.#tableElement(table), this.#footer(table)];
  }

  /** Calls the tool with other arguments; with a cursor, its answer continues the present rows. */
  async #load(changes: Fields, table = this.content): Promise<void> {
    if (table === undefined) return;
    const { cursor, ...others } = { ...this.args, ...changes };
    const isNextPage = changes['cursor'] !== undefined;
    const asked = { ...others, limit: PAGE_ROWS, ...(isNextPage && { cursor }) };
    const isDone = await this.load(table.tool, withoutAbsent(asked), isNextPage ? table : undefined);
    if (isDone) this.args = others;
    this.show();
  }

  /** A field and a text that it contains; Enter lists the items that match. */
  #filter({ tool, columns }: ItemTable): HTMLElement[] {
    if (tool === 'compare_runs' || !this.canCall()) return [];
    const [condition] = (this.args['where'] ?? []) as { field?: string; value?: unknown }[];
    const names = [...new Set([...(condition?.field === undefined ? [] : [condition.field]), ...columns])];
    const field = element('select', { label: 'Field' });
    for (const name of names) field.append(new Option(formatValue(name), name));
    const text = element('input', { label: 'Contains' });
    text.placeholder = 'contains …';
    text.value = formatValue(condition?.value);
    text.addEventListener('change', () => {
      const { value } = text;
      void this.#load({
        where: value === '' ? undefined : [{ field: field.value, op: 'contains', value }],
      });
    });
    return [element('p', { class: 'filter' }, field, text)];
  }

  #tableElement({ tool, columns, rows }: ItemTable): HTMLElement {
    const isComparison = tool === 'compare_runs';
    const headings = columns.map((column) => this.#heading(column, tool));
    const head = element('tr', {}, ...(isComparison ? [element('th', {}, '')] : []), ...headings);
    const body = rows.map((row) => this.#row(row, columns, isComparison));
    const table = element('table', {}, element('thead', {}, head), element('tbody', {}, ...body));
    return element('div', { class: 'scroll' }, table);
  }

  #heading(column: string, tool: ItemTable['tool']): HTMLElement {
    const name = formatValue(column);
    if (tool === 'compare_runs' || !this.canCall()) return element('th', {}, name);
    const sort = this.args['sort'];
    const arrow = sort === column ? ' ↑' : sort === `-${column}` ? ' ↓' : '';
    const onClick = () => void this.#load({ sort: nextSort(sort, column) });
    return element('th', {}, element('button', { title: 'Sort', onClick }, name + arrow));
  }

  #row({ kind, cells }: Row, columns: readonly string[], isComparison: boolean): HTMLElement {
    const marks = { item: '', added: '+', removed: '−', changed: '±' } as const;
    const mark = isComparison ? [element('td', { title: kind }, marks[kind])] : [];
    return element('tr', { class: kind }, ...mark, ...columns.map((column) => this.#cell(cells[column])));
  }

  #cell(cell: Cell | undefined): HTMLElement {
    if (cell === undefined) return element('td', {});
    const text = formatValue(cell.value);
    const url =
      this.host.capabilities.openLinks !== undefined && /^https?:\/\/\S+$/.test(text) ? text : undefined;
    const value =
      url === undefined
        ? text
        : element('button', { title: url, onClick: () => this.host.openLink(url) }, url);
    if (!('before' in cell)) return element('td', { title: text }, value);
    return element('td', {}, element('del', {}, formatValue(cell.before)), ' ', element('ins', {}, value));
  }

  #footer({ rows, total, nextCursor }: ItemTable): HTMLElement {
    const count = total === undefined ? String(rows.length) : `${rows.length} of ${total}`;
    const more = () => void this.#load({ cursor: nextCursor });
    return element(
      'footer',
      {},
      element('span', {}, count),
      ...(nextCursor !== undefined && this.canCall() ? [element('button', { onClick: more }, 'More')] : []),
    );
  }
}

function withoutAbsent(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

void new ItemsView().start('quickscrape-items');
