import type { McpClientName } from '../../../src/cli/commands/mcp-clients.ts';

/**
 * What a client takes for a server on stdin and stdout, as JSON Schemas: written anew from the form that the client
 * publishes, since those have up to 240 KB and other licences. Each object is closed, as there.
 */
const TEXT = { type: 'string' };
const TEXTS = { type: 'array', items: TEXT };
const ENVIRONMENT = { type: 'object', additionalProperties: TEXT };
const YES_OR_NO = { type: 'boolean' };

/** An object with just these fields. */
function closed(properties: object, required: readonly string[]) {
  return { type: 'object', additionalProperties: false, properties, required };
}

/** A file with servers by name below a key, beside whatever else the file may hold. */
function file(key: string, server: object, more: object = {}) {
  return closed({ ...more, [key]: { type: 'object', minProperties: 1, additionalProperties: server } }, [
    key,
  ]);
}

export const CLIENT_SCHEMAS: Partial<Record<McpClientName, object>> = {
  // google-gemini/gemini-cli, schemas/settings.schema.json, MCPServerConfig; 2026-08-21, the same in 0.61.0.
  gemini: file(
    'mcpServers',
    closed(
      {
        command: TEXT,
        args: TEXTS,
        env: ENVIRONMENT,
        cwd: TEXT,
        type: { enum: ['stdio', 'sse', 'http'] },
        timeout: { type: 'number' },
        trust: YES_OR_NO,
        description: TEXT,
        includeTools: TEXTS,
        excludeTools: TEXTS,
      },
      ['command'],
    ),
  ),
  // microsoft/vscode, mcpConfiguration.ts, mcpStdioServerSchema: it is registered in the editor, for mcp.json.
  vscode: file(
    'servers',
    closed({ type: { enum: ['stdio'] }, command: TEXT, cwd: TEXT, args: TEXTS, envFile: TEXT, env: {} }, [
      'command',
    ]),
    { inputs: { type: 'array' } },
  ),
  // opencode.ai/config.json, McpLocalConfig; opencode 1.18.33.
  opencode: file(
    'mcp',
    closed(
      {
        type: { const: 'local' },
        command: TEXTS,
        cwd: TEXT,
        environment: ENVIRONMENT,
        enabled: YES_OR_NO,
        timeout: { type: 'integer', minimum: 1 },
      },
      ['type', 'command'],
    ),
    { $schema: TEXT },
  ),
  // openai/codex, codex-rs/core/config.schema.json, RawMcpServerConfig; codex 0.171.0.
  codex: file(
    'mcp_servers',
    closed(
      {
        command: TEXT,
        args: TEXTS,
        cwd: TEXT,
        env: ENVIRONMENT,
        env_vars: { type: 'array' },
        enabled: YES_OR_NO,
        required: YES_OR_NO,
        enabled_tools: TEXTS,
        disabled_tools: TEXTS,
        startup_timeout_sec: { type: 'number' },
        tool_timeout_sec: { type: 'number' },
      },
      ['command'],
    ),
  ),
  // zed-industries/zed, ContextServerSettingsContent. `source` is migrated away since November 2025.
  zed: file(
    'context_servers',
    closed(
      {
        enabled: YES_OR_NO,
        remote: YES_OR_NO,
        command: TEXT,
        args: TEXTS,
        env: ENVIRONMENT,
        timeout: { type: 'integer' },
      },
      ['command', 'args'],
    ),
  ),
};
