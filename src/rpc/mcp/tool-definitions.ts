import type { Operation, OperationAnnotations } from '../../core/operations/define-operation.ts';
import type { OperationName } from '../../core/operations/operations.ts';
import { type Offered, offeredSentences } from '../access/offered-text.ts';
import {
  exposedAnnotations,
  isExposed,
  offersOnlyReading,
  type Policy,
  type ReadingField,
} from '../access/policy.ts';
import type { JsonSchema } from './tool-schemas.ts';

/**
 * Made for programs that watch a home, or show it to people. list_jobs, explain_run, get_scheduler and list_channels tell
 * an assistant the same in fewer words, so these are listed only for a person who chose them, or their group.
 */
const FOR_PROGRAMS: readonly string[] = [
  'get_metrics',
  'get_report',
  'list_messages',
] satisfies OperationName[];

/** What a list of tools says of an operation, under every policy. */
export interface ToolFacts
  extends Pick<Operation, 'name' | 'title' | 'description' | 'annotations'>,
    ReadingField {
  /** Its input: with the fields of commands if they differ, and for a server that only reads. */
  inputs: { usual: JsonSchema; commands?: JsonSchema; reading?: JsonSchema };
}

/** The definition of one tool, as in `tools/list`: as this server offers it. */
export interface ToolDefinition {
  title: string;
  description: string;
  annotations: OperationAnnotations;
  input: JsonSchema;
}

/** The offered tools by name, in the order of the operations. */
export type ToolDefinitions = ReadonlyMap<string, ToolDefinition>;

/** The tools that a server with this policy offers. */
export function createToolDefinitions(facts: readonly ToolFacts[], policy: Policy): ToolDefinitions {
  const isChosen = policy.tools.length > 0 || policy.toolsets.length > 0;
  const offered = facts.filter(
    (tool) => isExposed(tool, policy) && (isChosen || !FOR_PROGRAMS.includes(tool.name)),
  );
  const names = new Set(offered.map(({ name }) => name));
  return new Map(
    offered.map((tool) => [
      tool.name,
      {
        title: tool.title,
        description: descriptionOf(tool, policy, names),
        annotations: exposedAnnotations(tool, policy),
        input: inputOf(tool, policy),
      },
    ]),
  );
}

/** The description without the sentences that name tools that are not offered. */
function descriptionOf(tool: ToolFacts, policy: Policy, offered: Offered): string {
  const { readOnlyWithField: needed } = tool;
  const description = offeredSentences(tool.description, offered);
  return needed !== undefined && offersOnlyReading(tool, policy)
    ? `${description} This server only reads: ${needed} is required.`
    : description;
}

function inputOf(tool: ToolFacts, policy: Policy): JsonSchema {
  const { usual, commands = usual, reading = usual } = tool.inputs;
  if (offersOnlyReading(tool, policy)) return reading;
  return policy.allowCommands ? commands : usual;
}
