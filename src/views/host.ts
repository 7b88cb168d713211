import { asFields, type Fields } from './fields.ts';

/** The result of a tool call (MCP 2025-11-25, `CallToolResult`). */
export interface ToolResult {
  structuredContent?: Fields;
  content?: { type?: string; text?: string }[];
  isError?: boolean;
}

/** What a view does when the host sends something. */
export interface HostEvents {
  /** The arguments of the tool call whose result this view shows. */
  onInput(args: Fields): void;
  onResult(result: ToolResult): void;
  onCancelled(reason: string): void;
}

interface Waiting {
  resolve(result: Fields): void;
  reject(error: Error): void;
}

const PROTOCOL_VERSION = '2026-01-26';

/**
 * The connection of a view to the host that shows it: JSON-RPC 2.0 over `postMessage` (MCP Apps, SEP-1865, 2026-01-26).
 * Only messages of the parent window count.
 */
export class Host {
  readonly #events: HostEvents;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  /** Whether the host passes tool calls of the view to the server, and opens addresses. */
  capabilities: { serverTools?: unknown; openLinks?: unknown } = {};
  /** The name of the tool whose result is shown, if the host tells it. */
  toolName: string | undefined;

  constructor(events: HostEvents) {
    this.#events = events;
  }

  /** Opens the connection; resolves when the host may send its data. @throws Error when the host refuses */
  async connect(name: string, version: string): Promise<void> {
    window.addEventListener('message', (event) => {
      if (event.source === window.parent) this.#receive(event.data);
    });
    const result = await this.#ask('ui/initialize', {
      protocolVersion: PROTOCOL_VERSION,
      appInfo: { name, version },
      appCapabilities: { availableDisplayModes: ['inline', 'fullscreen'] },
    });
    this.capabilities = (result['hostCapabilities'] ?? {}) as typeof this.capabilities;
    const context = (result['hostContext'] ?? {}) as { toolInfo?: { tool?: { name?: string } } };
    this.toolName = context.toolInfo?.tool?.name;
    applyContext(context);
    this.#tell('ui/notifications/initialized', {});
    new ResizeObserver(() => this.#reportSize()).observe(document.documentElement);
  }

  /** Calls a tool of the server. @throws Error with the sentence of the server or the host */
  async callTool(name: string, args: Fields): Promise<Fields> {
    const result = (await this.#ask('tools/call', { name, arguments: args })) as ToolResult;
    const answer = readAnswer(result);
    if (result.isError === true) throw new Error(describeError(answer));
    return answer;
  }

  /** Asks the host to open an address; the host asks the person. */
  openLink(url: string): void {
    this.#ask('ui/open-link', { url }).catch(() => {});
  }

  #ask(method: string, params: Fields): Promise<Fields> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#send({ id, method, params });
    });
  }

  #tell(method: string, params: Fields): void {
    this.#send({ method, params });
  }

  #send(message: Fields): void {
    window.parent.postMessage({ jsonrpc: '2.0', ...message }, '*');
  }

  #receive(message: unknown): void {
    if (typeof message !== 'object' || message === null) return;
    const { id, method, params, result, error } = message as Fields;
    if (typeof method === 'string') this.#handle(method, asFields(params), id);
    else if (typeof id === 'number') this.#settle(id, result, error);
  }

  #settle(id: number, result: unknown, error: unknown): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(asFields(result));
    else waiting?.reject(new Error(String((error as Fields | null)?.['message'] ?? 'the host refused')));
  }

  #handle(method: string, params: Fields, id: unknown): void {
    if (method === 'ui/notifications/tool-input') this.#events.onInput(asFields(params['arguments']));
    else if (method === 'ui/notifications/tool-result') this.#events.onResult(params as ToolResult);
    else if (method === 'ui/notifications/tool-cancelled')
      this.#events.onCancelled(String(params['reason'] ?? ''));
    else if (method === 'ui/notifications/host-context-changed') applyContext(params);
    // A request, such as ping or ui/resource-teardown: there is nothing to save.
    if (id === undefined || id === null) return;
    const isKnown = method === 'ping' || method === 'ui/resource-teardown';
    this.#send(isKnown ? { id, result: {} } : { id, error: { code: -32601, message: 'method not found' } });
  }

  #reportSize(): void {
    const { width, height } = document.documentElement.getBoundingClientRect();
    this.#tell('ui/notifications/size-changed', { width: Math.ceil(width), height: Math.ceil(height) });
  }
}

/** The answer of an operation. Hosts pass on its structured form, its text, or both. */
export function readAnswer({ structuredContent, content }: ToolResult): Fields {
  if (structuredContent !== undefined) return structuredContent;
  const text = content?.find(({ type }) => type === 'text')?.text ?? '';
  try {
    return JSON.parse(text) as Fields;
  } catch {
    return { summary: text };
  }
}

/** The sentence of a tool's error. */
export function describeError(answer: Fields): string {
  const { message, hint } = (answer['error'] ?? answer) as Fields;
  const said = [message ?? answer['summary'], hint].filter((part) => typeof part === 'string');
  return said.length === 0 ? 'The server refused the call.' : said.join(' ');
}

/** Applies the host's theme, and its colours and fonts as CSS variables. */
function applyContext(context: Fields): void {
  const { theme, styles } = context;
  const root = document.documentElement;
  if (theme === 'light' || theme === 'dark') root.style.colorScheme = theme;
  const { variables } = (styles ?? {}) as { variables?: Record<string, unknown> };
  for (const [name, value] of Object.entries(variables ?? {}))
    if (name.startsWith('--') && typeof value === 'string') root.style.setProperty(name, value);
}
