import { readFileSync, writeFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { join } from 'node:path';
import { beforeAll, expect } from 'vitest';
import { shopHome } from '../cli/shop-home.ts';
import { it } from '../extend.ts';
import { gatedConfig } from '../gated-site.ts';
import { PROGRAM } from '../program.ts';
import { waitFor } from '../wait-for.ts';

interface Job {
  job_id: string;
  status: string;
}
interface Provider {
  getChildren(): Promise<Job[]>;
  getTreeItem(job: Job): { label: string; description: string };
  onDidChangeTreeData(listener: () => void): void;
}
interface Extension {
  activate(context: { subscriptions: unknown[] }): Promise<void>;
  deactivate(): Promise<void>;
}

const require = createRequire(import.meta.url);
const loader = Module as unknown as { _load(request: string, ...rest: unknown[]): unknown };

/** The part of VS Code's API that the example uses, as far as one can see it from outside. */
function editor(command: string[]) {
  const said: string[] = [];
  const commands = new Map<string, (...args: unknown[]) => unknown>();
  const views = new Map<string, Provider>();
  class EventEmitter {
    readonly #listeners: (() => void)[] = [];
    readonly event = (listener: () => void) => void this.#listeners.push(listener);
    fire() {
      for (const listener of this.#listeners) listener();
    }
  }
  class TreeItem {
    readonly label: string;
    constructor(label: string) {
      this.label = label;
    }
  }
  const api = {
    EventEmitter,
    TreeItem,
    TreeItemCollapsibleState: { None: 0 },
    workspace: { getConfiguration: () => ({ get: () => command }) },
    window: {
      registerTreeDataProvider: (id: string, provider: Provider) => views.set(id, provider),
      showInformationMessage: (text: string) => said.push(text),
      showErrorMessage: (text: string) => said.push(`error: ${text}`),
    },
    commands: { registerCommand: (id: string, work: () => unknown) => commands.set(id, work) },
  };
  return { api, said, commands, views };
}

let api: unknown;
beforeAll(() => {
  const load = loader._load;
  loader._load = (request, ...rest) => (request === 'vscode' ? api : load.call(Module, request, ...rest));
  return () => {
    loader._load = load;
  };
});

it('the example for VS Code shows jobs as they change, runs one and ends its server', async ({ site }) => {
  const { home, json } = shopHome({ page: gatedConfig(site.url) });
  await json('job', 'create', '--config', 'page', '--cron', '@yearly', '--id', 'mine');
  const code = editor([process.execPath, PROGRAM, '--home', home]);
  api = code.api;
  const extension = require('../../examples/vscode/extension.js') as Extension;
  await extension.activate({ subscriptions: [] });
  const jobs = code.views.get('quickscrape.jobs') as Provider;
  let changes = 0;
  jobs.onDidChangeTreeData(() => {
    changes += 1;
  });
  const [job] = await jobs.getChildren();
  if (job === undefined) throw new Error('the view is empty');
  expect(jobs.getTreeItem(job)).toMatchObject({
    label: 'mine',
    description: expect.stringMatching(/^pending · next 20\d\d-/),
  });

  const file = join(home, 'jobs', 'mine.json');
  writeFileSync(file, readFileSync(file, 'utf8').replace('"enabled": true', '"enabled": false'));
  await waitFor('the edit to be seen', () => changes > 0);
  expect(await jobs.getChildren()).toMatchObject([{ enabled: false }]);

  await code.commands.get('quickscrape.runJob')?.(job);
  await code.commands.get('quickscrape.runJob')?.({ job_id: 'nope' });
  expect(code.said).toEqual([
    'mine: succeeded, 1 items',
    expect.stringMatching(/^error: there is no job "nope" .*list_jobs/),
  ]);
  await waitFor('the run to be seen', async () => (await jobs.getChildren())[0]?.status === 'completed');
  await extension.deactivate();
});
