import { expect } from 'vitest';
import type { ConnectedClient } from './mcp-clients.ts';

type Fields = Record<string, unknown>;

interface Tool {
  name: string;
  inputSchema: { properties?: Fields };
}

/** Characters that count as one token. */
const CHARACTERS_PER_TOKEN = 4;

/** What stands in for a model: it calls tools that the server lists, with fields that they have, and counts. */
export class ScriptedAssistant {
  readonly #client: ConnectedClient;
  readonly #tools: ReadonlyMap<string, Tool>;
  readonly called: string[] = [];
  #characters = 0;

  private constructor(client: ConnectedClient, tools: readonly Tool[]) {
    this.#client = client;
    this.#tools = new Map(tools.map((tool) => [tool.name, tool]));
  }

  static async begin(client: ConnectedClient): Promise<ScriptedAssistant> {
    return new ScriptedAssistant(client, (await client.tools()) as unknown as Tool[]);
  }

  /** The answer, as the model receives it: the text of the result. It must not be an error. */
  async call<T>(name: string, params: Fields): Promise<T> {
    const { properties = {} } = this.#tools.get(name)?.inputSchema ?? {};
    expect([...this.#tools.keys()]).toContain(name);
    expect(Object.keys(properties)).toEqual(expect.arrayContaining(Object.keys(params)));
    const { isError, text, data } = await this.#client.call(name, params);
    if (isError) throw new Error(`${name}: ${text}`);
    this.called.push(name);
    this.#characters += JSON.stringify(params).length + JSON.stringify(data).length;
    return data as T;
  }

  /** The tools that a text of an answer names, in the order of the text. */
  toolsIn(text: string): string[] {
    return (text.match(/\b[a-z]+(?:_[a-z]+)+\b/g) ?? []).filter((word) => this.#tools.has(word));
  }

  /** Of arguments and answers. */
  get tokens(): number {
    return Math.ceil(this.#characters / CHARACTERS_PER_TOKEN);
  }

  get figures(): string {
    return `${this.called.length} calls, ${this.tokens} tokens: ${this.called.join(', ')}`;
  }
}
