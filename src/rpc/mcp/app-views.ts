import { readFile } from 'node:fs/promises';
import type { McpServer } from '@modelcontextprotocol/server';
import { bundledFile } from '../../core/lib/program.ts';
import type { OperationName } from '../../core/operations/operations.ts';

/** The extension of MCP Apps (SEP-1865, 2026-01-26). */
export const UI_EXTENSION = 'io.modelcontextprotocol/ui';
export const VIEW_MIME_TYPE = 'text/html;profile=mcp-app';

interface AppView {
  title: string;
  description: string;
  /** The operations whose results it shows. */
  operations: readonly OperationName[];
}

const VIEWS: Readonly<Record<string, AppView>> = {
  items: {
    title: 'Table of items',
    description: 'Shows the items of a run, or the differences between two runs.',
    operations: ['list_items', 'compare_runs'],
  },
  timeline: {
    title: 'Timeline of runs',
    description: 'Shows runs or coming occurrences on a time axis, a line for each job.',
    operations: ['list_runs', 'forecast_runs'],
  },
};

/**
 * Registers the views that hosts with MCP Apps show in place of an answer's text. They are HTML files of the build; they
 * use no network and show text only as text.
 */
export function registerViews(server: McpServer): void {
  for (const [name, { title, description }] of Object.entries(VIEWS)) {
    server.registerResource(
      `${name}-view`,
      viewUri(name),
      { title, description, mimeType: VIEW_MIME_TYPE },
      async (uri) => {
        const text = await readFile(bundledFile(`views/${name}.html`), 'utf8');
        const _meta = { ui: { prefersBorder: true } };
        return { contents: [{ uri: uri.href, mimeType: VIEW_MIME_TYPE, text, _meta }] };
      },
    );
  }
}

const META: ReadonlyMap<string, { ui: { resourceUri: string } }> = new Map(
  Object.entries(VIEWS).flatMap(([name, { operations }]) =>
    operations.map((operation) => [operation, { ui: { resourceUri: viewUri(name) } }] as const),
  ),
);

/** `_meta` of an operation's tool: its view; none for a client that said that it knows no views. */
export function viewMeta(operation: OperationName, server: McpServer): Record<string, unknown> | undefined {
  const capabilities = server.server.getClientCapabilities() as { extensions?: object } | undefined;
  // In the modern era a client says what it can do with each request, which is not known here.
  const isUnable = capabilities !== undefined && !Object.hasOwn(capabilities.extensions ?? {}, UI_EXTENSION);
  return isUnable ? undefined : META.get(operation);
}

function viewUri(name: string): string {
  return `ui://quickscrape/${name}.html`;
}
