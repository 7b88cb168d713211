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
  readonly input: JsonSchema;
  readonly output: JsonSchema;
}

/**
 * The tools of a server, in the order of the operations. Their schemas are made when the first of them is asked for, all
 * at once: zod's are slow to turn into JSON Schema, and each leaves out what an earlier one has said.
 */
export function toolSchemas(session: Session, policy: Policy): ToolSchemas[] {
  const operations = [...session.served.values()];
  let made: Pick<ToolSchemas, 'input' | 'output'>[] | undefined;
  const schemasOf = (index: number) => {
    made ??= makeSchemas(operations, policy);
    return made[index] ?? { input: {}, output: {} };
  };
  return operations.map((operation, index) => ({
    operation,
    get input() {
      return schemasOf(index).input;
    },
    get output() {
      return schemasOf(index).output;
    },
  }));
}

function makeSchemas(operations: readonly Operation[], policy: Policy) {
  const inputs = new SaidBefore(300);
  const outputs = new SaidBefore(120);
  return operations.map((operation) => ({
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
  for (const schema of schemas) {
    const { name, title, description, annotations } = schema.operation;
    // What only looks at this machine waits for nothing.
    const takesLong = !annotations.readOnlyHint || annotations.openWorldHint;
    server.registerTool(
      name,
      {
        title,
        description,
        annotations,
        inputSchema: asIs(() => schema.input),
        outputSchema: asIs(() => schema.output),
      },
      async (given: unknown, context: ServerContext) => {
        const params = (given ?? {}) as Fields;
        const onProgress = progressTo(context);
        const { signal, release } = takesLong
          ? eitherSignal(context.mcpReq.signal, ending)
          : { signal: context.mcpReq.signal, release() {} };
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
function asIs(schema: () => JsonSchema): StandardSchemaWithJSON<unknown, unknown> {
  return {
    '~standard': {
      version: 1,
      vendor: 'quickscrape-jobs',
      validate: (value) => ({ value }),
      jsonSchema: { input: schema, output: schema },
    },
  };
}
