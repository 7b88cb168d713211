import type { McpServer, ServerContext, StandardSchemaWithJSON } from '@modelcontextprotocol/server';
import { QuickscrapeError } from '../../core/errors.ts';
import { OPERATION_NAMES } from '../../core/operations/table.ts';
import { toolAnswer } from './answer.ts';
import { clientName } from './client-name.ts';
import type { JsonSchema } from './compact-schema.ts';
import { askConsent } from './consent.ts';
import { eitherSignal } from './either-signal.ts';
import type { LateHome } from './late-home.ts';
import { progressTo } from './progress.ts';
import { toolError } from './tool-error.ts';
import type { ToolSchemas } from './tool-schemas.ts';

type Fields = Record<string, unknown>;

/**
 * Offers the operations as tools. What is said of them is known when the home is open, which it is when somebody asks.
 * @param ending aborted at the end of input: what waits is answered as it is then
 */
export function addTools(
  server: McpServer,
  late: LateHome,
  ending: AbortSignal,
  failed: (error: unknown) => void,
): void {
  for (const name of OPERATION_NAMES) {
    const tool = () => late.home.tools.get(name);
    const registered = server.registerTool(
      name,
      { inputSchema: asIs(() => tool()?.input), outputSchema: asIs(() => tool()?.output) },
      async (given: unknown, context: ServerContext) => {
        const params = (given ?? {}) as Fields;
        const onProgress = progressTo(context);
        const { signal, release } = takesLong(tool())
          ? eitherSignal(context.mcpReq.signal, ending)
          : { signal: context.mcpReq.signal, release() {} };
        const client = clientName(context, server);
        const call = (asked: Fields) =>
          late.home.session.call(name, asked, {
            signal,
            client,
            ...(onProgress !== undefined && { onProgress }),
          });
        try {
          const operation = tool()?.operation;
          const instead =
            operation && (await askConsent(operation, params, late.home.workspace, context, server));
          return instead ?? (await toolAnswer(name, params, await call(params), call));
        } catch (error) {
          if (error instanceof QuickscrapeError) return toolError(error);
          failed(error);
          return toolError(new QuickscrapeError('internal', `${name} failed; the server's stderr says more`));
        } finally {
          release();
        }
      },
    );
    // The SDK reads them when tools are listed or called.
    Object.defineProperties(registered, {
      enabled: { get: () => tool() !== undefined },
      title: { get: () => tool()?.operation.title },
      description: { get: () => tool()?.operation.description },
      annotations: { get: () => tool()?.operation.annotations },
    });
  }
}

/** What only looks at this machine waits for nothing. */
function takesLong(tool: ToolSchemas | undefined): boolean {
  const { readOnlyHint, openWorldHint } = tool?.operation.annotations ?? {};
  return !readOnlyHint || openWorldHint === true;
}

/** The operation checks its input itself, in words that are better; what it answers is checked by our tests. */
function asIs(schema: () => JsonSchema | undefined): StandardSchemaWithJSON<unknown, unknown> {
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
