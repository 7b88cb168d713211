import type { CallToolResult } from '@modelcontextprotocol/server';

/**
 * The result of a tool in the one shape that all have. Hosts forward either the text or `structuredContent` to the model,
 * so the text is the JSON of the other (MCP 2025-06-18 and later, "Structured Content"), and what has to be said in words
 * stands first within it.
 */
export function structuredResult(fields: Record<string, unknown>): CallToolResult {
  return { content: [{ type: 'text', text: JSON.stringify(fields) }], structuredContent: fields };
}
