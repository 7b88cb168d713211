import type { McpServer, ServerContext, StandardSchemaWithJSON } from '@modelcontextprotocol/server';
import type * as z from 'zod';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import type { FormatHint } from '../../core/lib/hints.ts';
import { isRecord } from '../../core/lib/json.ts';
import type { Operation } from '../../core/operations/define-operation.ts';
import { OPERATION_NAMES } from '../../core/operations/operations.ts';
import type { Policy } from '../access/policy.ts';
import { notExposedError } from '../access/session.ts';
import { callTool } from './call-tool.ts';
import type { LazyWorkspace } from './lazy-workspace.ts';
import { toolMeta } from './tool-meta.ts';
import { toolError } from './tool-result.ts';
import type { JsonSchema } from './tool-schemas.ts';

/**
 * Drops each `null` argument that means "absent". Hosts that use OpenAI's strict mode make a model fill in every field,
 * with `null` for absent ones (OpenAI, "Structured Outputs", all fields must be required). In `changes`, `null` clears
 * a field that may be empty. If a field that may not be empty is also `null`, the call comes from such a host, and
 * `null` means "unchanged".
 * @param input returns the input schema of the tool's definition; called only when there is a `null`
 */
function dropNullArguments(
  args: Record<string, unknown>,
  operation: Operation,
  input: () => JsonSchema,
): Record<string, unknown> {
  if (!hasNull(args)) return args;
  const { changes } = args;
  const kept = dropNulls(args, input()) as Record<string, unknown>;
  if (!isRecord(changes) || !isRecord(kept['changes'])) return kept;
  const cleared = Object.entries(changes).filter(([, value]) => value === null);
  const canClear = cleared.every(([name]) => isNullable(operation, name));
  return canClear ? { ...kept, changes: { ...kept['changes'], ...Object.fromEntries(cleared) } } : kept;
}

function dropNulls(value: unknown, schema: JsonSchema): unknown {
  const { properties, items } = schema as { properties?: Record<string, JsonSchema>; items?: JsonSchema };
  if (Array.isArray(value)) return items === undefined ? value : value.map((one) => dropNulls(one, items));
  if (!isRecord(value) || properties === undefined) return value;
  const known = (name: string) => (Object.hasOwn(properties, name) ? properties[name] : undefined);
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => {
      const field = known(name);
      if (field === undefined) return [[name, inner]];
      return inner === null ? [] : [[name, dropNulls(inner, field)]];
    }),
  );
}

function hasNull(value: unknown): boolean {
  if (typeof value !== 'object') return false;
  return value === null || Object.values(value).some(hasNull);
}

/** An unknown field of `changes` counts as nullable here; the input check refuses it. */
function isNullable({ input }: Operation, name: string): boolean {
  const fields = (input.shape['changes'] as z.ZodObject | undefined)?.shape ?? {};
  return !Object.hasOwn(fields, name) || fields[name]?.safeParse(null).success === true;
}

type Fields = Record<string, unknown>;

export interface ToolParts {
  /** Aborted at the end of input: waiting calls are then answered with the result so far. */
  ending: AbortSignal;
  policy: Policy;
  /** The hint formatter of this server. */
  formatHint: FormatHint;
  /** Called with our own errors. */
  failed(error: unknown): void;
}

/**
 * Registers the operations as tools. Their descriptions are available once the home is open, which it is before the
 * first request for them.
 */
export function registerTools(
  server: McpServer,
  lazyWorkspace: LazyWorkspace,
  { ending, policy, formatHint, failed }: ToolParts,
): void {
  for (const name of OPERATION_NAMES) {
    const tool = () => lazyWorkspace.tool(name);
    const registered = server.registerTool(
      name,
      {
        inputSchema: withoutValidation(() => tool()?.input),
      },
      async (args: unknown, context: ServerContext) => {
        try {
          const { session } = lazyWorkspace.home;
          const operation = session.exposed.get(name);
          if (operation === undefined) return toolError(notExposedError(name, policy));
          const params = dropNullArguments((args ?? {}) as Fields, operation, () => tool()?.input ?? {});
          return await callTool(operation, params, { home: lazyWorkspace.home, context, server, ending });
        } catch (error) {
          if (error instanceof QuickscrapeError) return toolError(error, formatHint);
          failed(error);
          return toolError(
            new QuickscrapeError('internal', `${name} failed; details are on the server's stderr`),
          );
        }
      },
    );
    // The SDK reads them when tools are listed or called.
    Object.defineProperties(registered, {
      enabled: { get: () => tool() !== undefined },
      title: { get: () => tool()?.title },
      description: { get: () => tool()?.description },
      annotations: { get: () => tool()?.annotations },
      _meta: { get: () => toolMeta(name, server) },
    });
  }
}

/**
 * Turns off the SDK's validation. The operation checks its input with better messages, and our tests check its output.
 */
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
