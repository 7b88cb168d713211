import { element, formatValue, showPage } from './element.ts';
import type { Fields } from './fields.ts';
import { describeError, Host, readAnswer } from './host.ts';
import { type Cell, type ItemTable, nextSort, type Row, readTable } from './item-table.ts';

/** Rows that the view asks for at once. */
const PAGE_ROWS = 50;

/** The view of `list_items` and `compare_runs`: a table, with paging, order and a search by calls of the same tool. */
class ItemsView {
  readonly #host = new Host({
    onInput: (args) => {
      this.#args = args;
    },
    onResult: (result) => {
      const answer = readAnswer(result);
      this.#notice = result.isError === true ? describeError(answer) : '';
      if (result.isError !== true) this.#table = readTable(answer);
      this.#show();
    },
    onCancelled: (reason) => {
      this.#notice = `The call was cancelled. ${reason}`.trim();
      this.#show();
    },
  });
  #args: Fields = {};
  #table: ItemTable | undefined;
  #notice = 'Waiting for the result …';
  #isLoading = false;

  async start(): Promise<void> {
    this.#show();
    await this.#host.connect('quickscrape-items', '1');
  }

  /** Calls the tool with other arguments and shows its answer, below the present rows if it continues them. */
  async #load(changes: Fields, table = this.#table): Promise<void> {
    if (table === undefined || this.#isLoading) return;
    const { cursor, ...others } = { ...this.#args, ...changes };
    const isNextPage = changes['cursor'] !== undefined;
    this.#isLoading = true;
    this.#notice = 'Loading …';
    this.#show();
    try {
      const asked = { ...others, limit: PAGE_ROWS, ...(isNextPage && { cursor }) };
      const answer = await this.#host.callTool(table.tool, withoutAbsent(asked));
      this.#args = others;
      this.#table = readTable(answer, isNextPage ? table : undefined);
      this.#notice = '';
    } catch (error) {
      this.#notice = (error as Error).message;
    }
    this.#isLoading = false;
    this.#show();
  }

  #show(): void {
    const table = this.#table;
    showPage(
      ...(table === undefined ? [] : [element('p', { class: 'summary' }, formatValue(table.summary))]),
      element('p', { class: 'notice' }, formatValue(this.#notice)),
      ...(table === undefined
        ? []
        : [...this.#filter(table), this.#tableElement(table), this.#footer(table)]),
    );
  }

  #canCall(): boolean {
    return this.#host.capabilities.serverTools !== undefined;
  }

  /** A field and a text that it contains; Enter lists the items that match. */
  #filter({ tool, columns }: ItemTable): HTMLElement[] {
    if (tool === 'compare_runs' || !this.#canCall()) return [];
    const [condition] = (this.#args['where'] ?? []) as { field?: string; value?: unknown }[];
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
    if (tool === 'compare_runs' || !this.#canCall()) return element('th', {}, name);
    const sort = this.#args['sort'];
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
      this.#host.capabilities.openLinks !== undefined && /^https?:\/\/\S+$/.test(text) ? text : undefined;
    const value =
      url === undefined
        ? text
        : element('button', { title: url, onClick: () => this.#host.openLink(url) }, url);
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
      ...(nextCursor !== undefined && this.#canCall() ? [element('button', { onClick: more }, 'More')] : []),
    );
  }
}

function withoutAbsent(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

void new ItemsView().start();
