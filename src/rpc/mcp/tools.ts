import type { McpServer, ServerContext, StandardSchemaWithJSON } from '@modelcontextprotocol/server';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import type { FormatHint } from '../../core/lib/hints.ts';
import { OPERATION_NAMES } from '../../core/operations/table.ts';
import { notExposedError } from '../access/session.ts';
import { callTool } from './call-tool.ts';
import type { JsonSchema } from './compact-schema.ts';
import { dropNullArguments } from './drop-null-arguments.ts';
import type { LazyWorkspace } from './lazy-workspace.ts';
import { toolError } from './tool-error.ts';

type Fields = Record<string, unknown>;

export interface ToolParts {
  /** Aborted at the end of input: what waits is answered as it is then. */
  ending: AbortSignal;
  /** The words of this server's hints. */
  formatHint: FormatHint;
  /** Told of what went wrong in us. */
  failed(error: unknown): void;
}

/**
 * Offers the operations as tools. What is said of them is known when the home is open, which it is when somebody asks.
 */
export function registerTools(
  server: McpServer,
  lazyWorkspace: LazyWorkspace,
  { ending, formatHint, failed }: ToolParts,
): void {
  for (const name of OPERATION_NAMES) {
    const tool = () => lazyWorkspace.tools.get(name);
    const registered = server.registerTool(
      name,
      {
        inputSchema: withoutValidation(() => tool()?.input),
        outputSchema: withoutValidation(() => tool()?.output),
      },
      async (args: unknown, context: ServerContext) => {
        try {
          const operation = tool()?.operation;
          if (operation === undefined) return toolError(notExposedError(name));
          const params = dropNullArguments((args ?? {}) as Fields, operation, () => tool()?.input ?? {});
          return await callTool(operation, params, { home: lazyWorkspace.home, context, server, ending });
        } catch (error) {
          if (error instanceof QuickscrapeError) return toolError(error, formatHint);
          failed(error);
          return toolError(new QuickscrapeError('internal', `${name} failed; the server's stderr says more`));
        }
      },
    );
    // The SDK reads them when tools are listed or called.
    Object.defineProperties(registered, {
      enabled: { get: () => tool() !== undefined },
      title: { get: () => tool()?.operation.title },
      description: { get: () => tool()?.description },
      annotations: { get: () => tool()?.annotations },
    });
  }
}

/** The operation checks its input itself, in words that are better; what it answers is checked by our tests. */
function withoutValidation(schema: () => JsonSchema | undefined): StandardSchemaWithJSON<unknown, unknown> {
  const json = () => schema() ?? {};
  return {
    '~standard': {
      version: 1,
      vendor: 'quickscrape-jobs',
      validate: (value) => ({ value }),
      jsonSchema: { input: json, output: json },
    },
  };
}
