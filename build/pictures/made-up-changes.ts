import { mkdirSync, writeFileSync } from 'node:fs';
import { runFiles } from '../../src/core/runs/run-files.ts';
import { openWorkspace } from '../../src/core/workspace.ts';

type Row = Record<string, string>;

interface Changes {
  job: string;
  key: string;
  /** The rows of the run before the last one, and of the last one. */
  before: readonly Row[];
  after: readonly Row[];
  counts: { added: number; removed: number; changed: number };
  unchanged: number;
}

const link = (host: string, path: string) => ({ link: `https://${host}/${path}` });

const MADE_UP_CHANGES: readonly Changes[] = [
  {
    ...{ job: 'market-prices', key: 'name', counts: { added: 1, removed: 0, changed: 2 }, unchanged: 491 },
    before: [
      { name: 'Tomatoes, 1 kg', price: '3.49 €', stock: 'in stock', ...link('market.example', 'tomatoes') },
      { name: 'Olive oil, 0.75 l', price: '11.90 €', stock: 'in stock', ...link('market.example', 'oil') },
    ],
    after: [
      { name: 'Tomatoes, 1 kg', price: '2.99 €', stock: 'in stock', ...link('market.example', 'tomatoes') },
      { name: 'Olive oil, 0.75 l', price: '9.90 €', stock: 'few left', ...link('market.example', 'oil') },
      { name: 'Quinces, 1 kg', price: '4.20 €', stock: 'in stock', ...link('market.example', 'quinces') },
    ],
  },
  {
    ...{ job: 'tenders', key: 'number', counts: { added: 2, removed: 1, changed: 0 }, unchanged: 164 },
    before: [{ number: '2026-118', title: 'Roof of the town hall', until: '27 November' }],
    after: [
      { number: '2026-131', title: 'Street lamps, north', until: '18 December' },
      { number: '2026-132', title: 'School furniture', until: '7 January' },
    ],
  },
];

/** Gives the last runs of some jobs rows that differ from those of the runs before. */
export function putChanges(home: string): void {
  const workspace = openWorkspace({ home, actor: 'cli' });
  try {
    for (const { job, key, before, after, counts, unchanged } of MADE_UP_CHANGES) {
      const [last, earlier] = workspace.runs.newestForJob(job, 2);
      if (last === undefined || earlier === undefined) throw new Error(`${job} has no two runs`);
      for (const [run, rows] of [
        [earlier, before],
        [last, after],
      ] as const) {
        const files = runFiles(workspace.paths, job, run.runId);
        mkdirSync(files.folder, { recursive: true });
        writeFileSync(files.items, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
      }
      const changes = { with_run_id: earlier.runId, key, ...counts, unchanged };
      workspace.db.run('UPDATE runs SET changes = ? WHERE run_id = ?', [JSON.stringify(changes), last.runId]);
    }
  } finally {
    workspace.close();
  }
}
