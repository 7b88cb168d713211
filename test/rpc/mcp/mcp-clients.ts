import { Client as ModernClient } from '@modelcontextprotocol/client';
import { StdioClientTransport as ModernTransport } from '@modelcontextprotocol/client/stdio';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as OldTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import {
  ElicitRequestSchema,
  ResourceListChangedNotificationSchema,
  ResourceUpdatedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { expect, onTestFinished } from 'vitest';
import { PROGRAM } from '../../program.ts';

/** A client of each kind: the older SDK, and the present one in the eras that it can open with. */
export const KINDS = ['sdk-1', 'legacy', 'auto', 'pinned'] as const;
export type Kind = (typeof KINDS)[number];

type Fields = Record<string, unknown>;

export interface Answer {
  isError: boolean;
  /** What it says in words: summary, note, and of an error what else is wrong and the hint. */
  text: string;
  /** `structuredContent`, which is also what the text is the JSON of. */
  data: Fields;
  /** Its bytes as JSON. */
  size: number;
}

/** One connected client, in the same words whatever its kind. */
export interface ConnectedClient {
  call(
    name: string,
    params?: Fields,
    options?: { signal?: AbortSignal; onProgress?: (progress: Fields) => void },
  ): Promise<Answer>;
  tools(): Promise<Fields[]>;
  instructions(): string | undefined;
  resources(): Promise<string[]>;
  read(uri: string): Promise<string>;
  prompts(): Promise<Fields[]>;
  prompt(name: string, params: Record<string, string>): Promise<string>;
  complete(ref: Fields, argument: { name: string; value: string }): Promise<string[]>;
  /** Asks to be told of these; the list of updates grows. */
  subscribe(uris: string[]): Promise<{ updated: string[]; lists: number[] }>;
  close(): Promise<void>;
}

export interface ConnectOptions {
  flags?: string[];
  /** Answers questions to the person. */
  onQuestion?: (
    message: string,
    form: Fields,
  ) => { action: 'accept' | 'decline' | 'cancel'; content?: Fields };
}

/** Starts `quickscrape mcp` on a home and connects a client to it; both have ended when the test has. */
export async function connect(
  kind: Kind,
  home: string,
  options: ConnectOptions = {},
): Promise<ConnectedClient> {
  const server = {
    command: process.execPath,
    args: [PROGRAM, 'mcp', '--home', home, ...(options.flags ?? [])],
    stderr: 'ignore' as const,
  };
  const connected =
    kind === 'sdk-1' ? await connectOld(server, options) : await connectModern(kind, server, options);
  onTestFinished(() => connected.close());
  return connected;
}

interface Server {
  command: string;
  args: string[];
  stderr: 'ignore';
}

const NAME = { name: 'test client', version: '1.0' };

async function connectOld(server: Server, { onQuestion }: ConnectOptions): Promise<ConnectedClient> {
  const capabilities = onQuestion === undefined ? {} : { elicitation: {} };
  const client = new OldClient(NAME, { capabilities });
  if (onQuestion !== undefined) {
    client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
      const { message, requestedSchema } = params as { message: string; requestedSchema: Fields };
      return onQuestion(message, requestedSchema) as never;
    });
  }
  await client.connect(new OldTransport(server));
  const seen: { updated: string[]; lists: number[] } = { updated: [], lists: [] };
  client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => {
    seen.updated.push(params.uri);
  });
  client.setNotificationHandler(ResourceListChangedNotificationSchema, () => {
    seen.lists.push(Date.now());
  });
  return {
    async call(name, params = {}, { signal, onProgress } = {}) {
      const result = await client.callTool({ name, arguments: params }, undefined, {
        ...(signal && { signal }),
        ...(onProgress && { onprogress: onProgress as never }),
      });
      return answerOf(result as never);
    },
    tools: async () => (await client.listTools()).tools as never,
    instructions: () => client.getInstructions(),
    resources: async () => (await client.listResources()).resources.map(({ uri }) => uri),
    read: async (uri) => textOf((await client.readResource({ uri })).contents),
    prompts: async () => (await client.listPrompts()).prompts as never,
    prompt: async (name, params) =>
      promptText((await client.getPrompt({ name, arguments: params })).messages),
    complete: async (ref, argument) =>
      (await client.complete({ ref: ref as never, argument })).completion.values,
    async subscribe(uris) {
      for (const uri of uris) await client.subscribeResource({ uri });
      return seen;
    },
    close: () => client.close(),
  };
}

async function connectModern(
  kind: Exclude<Kind, 'sdk-1'>,
  server: Server,
  { onQuestion }: ConnectOptions,
): Promise<ConnectedClient> {
  const mode = kind === 'pinned' ? { pin: '2026-07-28' } : kind;
  const client = new ModernClient(NAME, {
    capabilities: onQuestion === undefined ? {} : { elicitation: {} },
    versionNegotiation: { mode },
  });
  if (onQuestion !== undefined) {
    client.setRequestHandler('elicitation/create', ({ params }) => {
      const { message, requestedSchema } = params as { message: string; requestedSchema: Fields };
      return onQuestion(message, requestedSchema) as never;
    });
  }
  await client.connect(new ModernTransport(server));
  const seen: { updated: string[]; lists: number[] } = { updated: [], lists: [] };
  client.setNotificationHandler('notifications/resources/updated', ({ params }) => {
    seen.updated.push(params.uri);
  });
  client.setNotificationHandler('notifications/resources/list_changed', () => {
    seen.lists.push(Date.now());
  });
  return {
    async call(name, params = {}, { signal, onProgress } = {}) {
      const result = await client.callTool(
        { name, arguments: params },
        { ...(signal && { signal }), ...(onProgress && { onprogress: onProgress as never }) },
      );
      return answerOf(result as never);
    },
    tools: async () => (await client.listTools()).tools as never,
    instructions: () => client.getInstructions(),
    resources: async () => (await client.listResources()).resources.map(({ uri }) => uri),
    read: async (uri) => textOf((await client.readResource({ uri })).contents),
    prompts: async () => (await client.listPrompts()).prompts as never,
    prompt: async (name, params) =>
      promptText((await client.getPrompt({ name, arguments: params })).messages),
    complete: async (ref, argument) =>
      (await client.complete({ ref: ref as never, argument })).completion.values,
    async subscribe(uris) {
      if (kind === 'legacy') for (const uri of uris) await client.subscribeResource({ uri });
      else await client.listen({ resourceSubscriptions: uris, resourcesListChanged: true });
      return seen;
    },
    close: () => client.close(),
  };
}

function answerOf(result: {
  isError?: boolean;
  content: { type: string; text?: string }[];
  structuredContent?: Fields;
}): Answer {
  const { isError = false, content, structuredContent = {} } = result;
  expect(content).toEqual([{ type: 'text', text: expect.any(String) }]);
  const json = content[0]?.text ?? '';
  // Hosts forward one or the other.
  expect(JSON.parse(json)).toEqual(structuredContent);
  const size = Buffer.byteLength(json);
  expect(size).toBeLessThanOrEqual(20_000);
  return { isError, text: wordsOf(structuredContent), data: structuredContent, size };
}

function wordsOf({ summary, note, error }: Fields): string {
  expect(summary).toBeTypeOf('string');
  const { hint, issues = [] } = (error ?? {}) as { hint?: string; issues?: { message: string }[] };
  const more = issues.slice(1).map(({ message }) => `- ${message}`);
  return [summary, note, ...more, hint].filter((line) => line !== undefined).join('\n');
}

function textOf(contents: readonly object[]): string {
  return contents.map((content) => ('text' in content ? String(content.text) : '')).join('');
}

function promptText(messages: { content: unknown }[]): string {
  return messages.map(({ content }) => (content as { text: string }).text).join('\n');
}
