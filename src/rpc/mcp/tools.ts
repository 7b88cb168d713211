import type { McpServer, ServerContext, StandardSchemaWithJSON } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { QuickscrapeError } from '../../core/errors.ts';
import type { Operation } from '../../core/operations/define-operation.ts';
import type { Policy } from '../policy.ts';
import { servedInput } from '../served-input.ts';
import type { Session } from '../session.ts';
import { toolAnswer, toolError } from './answer.ts';
import { clientName } from './client-name.ts';
import { compactInput, type JsonSchema } from './compact-schema.ts';
import { askConsent } from './consent.ts';
import { eitherSignal } from './either-signal.ts';
import { openOutput } from './open-output.ts';
import { progressTo } from './progress.ts';
import { SaidBefore } from './said-before.ts';

type Fields = Record<string, unknown>;

/** The definition of one tool, as `tools/list` gives it. */
export interface ToolSchemas {
  operation: Operation;
  input: JsonSchema;
  output: JsonSchema;
}

/** The tools of a server, in the order of the operations. Made once: zod's schemas are slow to turn into JSON Schema. */
export function toolSchemas(session: Session, policy: Policy): ToolSchemas[] {
  const inputs = new SaidBefore(300);
  const outputs = new SaidBefore(120);
  return [...session.served.values()].map((operation) => ({
    operation,
    input: inputs.shorten(
      operation.name,
      compactInput(jsonSchemaOf(servedInput(operation, policy), 'input')),
    ),
    output: outputs.shorten(operation.name, openOutput(jsonSchemaOf(operation.output, 'output'))),
  }));
}

/**
 * Offers the operations as tools.
 * @param ending aborted at the end of input: what waits is answered as it is then
 */
export function addTools(
  server: McpServer,
  schemas: readonly ToolSchemas[],
  session: Session,
  ending: AbortSignal,
  failed: (error: unknown) => void,
): void {
  for (const { operation, input, output } of schemas) {
    const { name, title, description, annotations } = operation;
    server.registerTool(
      name,
      { title, description, annotations, inputSchema: asIs(input), outputSchema: asIs(output) },
      async (given: unknown, context: ServerContext) => {
        const params = (given ?? {}) as Fields;
        const onProgress = progressTo(context);
        const { signal, release } = eitherSignal(context.mcpReq.signal, ending);
        const client = clientName(context, server);
        const call = (asked: Fields) =>
          session.call(name, asked, { signal, client, ...(onProgress !== undefined && { onProgress }) });
        try {
          const instead = askConsent(name, params, context, server);
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
  }
}

function jsonSchemaOf(schema: z.ZodObject, io: 'input' | 'output'): JsonSchema {
  return z.toJSONSchema(schema, { io, unrepresentable: 'any' });
}

/** The operation checks its input itself, in words that are better; what it answers is checked by our tests. */
function asIs(schema: JsonSchema): StandardSchemaWithJSON<unknown, unknown> {
  return {
    '~standard': {
      version: 1,
      vendor: 'quickscrape-jobs',
      validate: (value) => ({ value }),
      jsonSchema: { input: () => schema, output: () => schema },
    },
  };
}
