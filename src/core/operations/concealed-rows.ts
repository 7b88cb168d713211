import { readHomeEnvironment } from '../configs/home-environment.ts';
import { type Conceal, createConcealer } from '../lib/redact.ts';
import type { RunRecord } from '../model/run-record.ts';
import type { OpenItems } from '../runs/item-file.ts';
import type { Item } from '../runs/run-files.ts';
import type { Workspace } from '../workspace.ts';
import type { OperationContext } from './define-operation.ts';

/** Removes secret values from a row. */
export type ConcealRow = (item: Item) => Item;

/** A reference to a variable in the text of a configuration. */
const REFERENCE = /\$\{([A-Za-z_]\w*)\}/g;

/**
 * Returns a function that hides from a client the values of `secrets.env`, and of the variables that the runs'
 * configurations name: a site may say them again, and an address of the page holds them. Rows that a client's own text
 * extracted hold none (scrape/extract/conceal-page.ts), but those of the person's texts do. Filters, sorting and counts
 * must see the concealed rows, or else a count would say whether a guess is right. `undefined` when nothing is hidden,
 * as for the person.
 */
export function rowConcealer(
  workspace: Workspace,
  { reviewConfig }: OperationContext,
  runs: readonly Pick<RunRecord, 'configName'>[],
): ConcealRow | undefined {
  if (reviewConfig === undefined) return undefined;
  const { env, secrets } = readHomeEnvironment(workspace.paths);
  const texts = [...new Set(runs.map(({ configName }) => configName))].map((name) =>
    readText(workspace, name),
  );
  const names = texts.flatMap((text) => [...text.matchAll(REFERENCE)].map(([, name = '']) => name));
  const filledIn = Object.fromEntries(names.map((name) => [name, env[name] ?? '']));
  const conceal = createConcealer({ ...secrets, ...filledIn });
  return conceal && ((item) => concealValue(item, conceal) as Item);
}

function readText({ configs }: Workspace, name: string): string {
  try {
    return configs.read(name).yaml;
  } catch {
    return '';
  }
}

function concealValue(value: unknown, conceal: Conceal): unknown {
  if (typeof value === 'string') return conceal([value])[0] ?? '';
  if (typeof value === 'number') return concealNumber(value, conceal);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((entry) => concealValue(entry, conceal));
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, concealValue(inner, conceal)]),
  );
}

/** A number is only hidden if it is a value as a whole: a short value would be in many numbers. */
function concealNumber(value: number, conceal: Conceal): number | string {
  const [shown = ''] = conceal([String(value)]);
  return /^\$\{\w+\}$/.test(shown) ? shown : value;
}

/** The same items, without the values. */
export function concealItems(items: OpenItems, conceal: ConcealRow | undefined): OpenItems {
  if (conceal === undefined) return items;
  return {
    async *items(offset) {
      for await (const batch of items.items(offset))
        yield batch.map(({ item, place }) => ({ item: conceal(item), place }));
    },
    read: async (place) => conceal(await items.read(place)),
    close: () => items.close(),
  };
}
