import Module, { createRequire } from 'node:module';
import { join } from 'node:path';
import { HostDouble, Uri } from './host-double.ts';

/** The process of an extension host: loads the extension with a double of `vscode`, and does what a test asks for. */

interface Extension {
  activate(context: { subscriptions: { dispose(): void }[]; extensionUri: Uri }): void;
  deactivate(): Promise<void> | undefined;
}

export interface HostStart {
  /** The folder of the unpacked extension. */
  extension: string;
  settings: Record<string, unknown>;
}

export interface TreeRow {
  label: string;
  description: string;
  icon: string;
  context: string;
  children: TreeRow[];
}

type Request = { id: number; name: keyof typeof ACTIONS; args: unknown[] };

const { extension: folder, settings } = JSON.parse(process.argv[2] ?? '{}') as HostStart;
const host = new HostDouble(settings);
const loader = Module as unknown as { _load(request: string, ...rest: unknown[]): unknown };
const load = loader._load;
loader._load = (request, ...rest) => (request === 'vscode' ? host.api : load.call(Module, request, ...rest));
const extension = createRequire(join(folder, 'package.json'))('./extension.cjs') as Extension;
const subscriptions: { dispose(): void }[] = [];

async function readRows(parent?: unknown): Promise<TreeRow[]> {
  const nodes = (await host.tree?.getChildren(parent)) ?? [];
  return Promise.all(
    nodes.map(async (node) => {
      const item = host.tree?.getTreeItem(node);
      return {
        label: item?.label ?? '',
        description: item?.description ?? '',
        icon: item?.iconPath?.id ?? '',
        context: item?.contextValue ?? '',
        children: item?.collapsibleState === 1 ? await readRows(node) : [],
      };
    }),
  );
}

async function findNode(label: string): Promise<unknown> {
  const nodes = (await host.tree?.getChildren()) ?? [];
  const found = nodes.find((node) => host.tree?.getTreeItem(node).label === label);
  if (found === undefined) throw new Error(`the tree has no ${label}`);
  return found;
}

const ACTIONS = {
  rows: () => readRows(),
  seen: () => ({
    ...{ messages: host.messages, output: host.output, panels: host.panels, statusBar: host.statusBar },
    ...{
      contexts: Object.fromEntries(host.contexts),
      message: host.message,
      badge: host.view.badge?.value,
    },
    ...{ diagnostics: Object.fromEntries(host.diagnostics), open: host.documents.map((one) => one.fileName) },
  }),
  /** Calls a command on the job of that name. */
  command: async (name: string, job: string | null) => {
    const command = host.commands.get(`quickscrape.${name}`);
    if (command === undefined) throw new Error(`there is no command ${name}`);
    await command(...(job === null ? [] : [await findNode(job)]));
  },
  commandNames: () => [...host.commands.keys()].sort(),
  answer: (value: unknown) => void host.answers.push(value),
  changeSettings: (changed: Record<string, unknown>) => host.changeSettings(changed),
  open: (path: string) => void host.open(path),
  edit: (path: string, text: string) => host.edit(path, text),
  hints: (path: string) => host.hintsOf(path),
  completions: (path: string, line: number, character: number) => host.completionsAt(path, line, character),
  deactivate: async () => {
    await extension.deactivate();
    for (const each of subscriptions) each.dispose();
  },
};

process.on('message', async ({ id, name, args }: Request) => {
  try {
    const value = await (ACTIONS[name] as (...all: unknown[]) => unknown)(...args);
    process.send?.({ id, value });
  } catch (error) {
    process.send?.({ id, error: String(error) });
  }
  if (name === 'deactivate') process.disconnect();
});
extension.activate({ subscriptions, extensionUri: new Uri(folder) });
