import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROGRAM } from '../../program.ts';
import { INSPECTOR } from './conformance-tools.ts';

/** The eras of the protocol that the Inspector opens with. */
export const ERAS = ['legacy', 'auto', 'modern'] as const;
export type Era = (typeof ERAS)[number];

type Fields = Record<string, unknown>;

/** How a call by the Inspector's command line ended. */
export interface Inspected {
  /** 0 done; 5 the tool answered with an error; 6 a tool's schema is wrong. */
  code: number | null;
  result: Fields;
  /** `structuredContent` of a tool's answer. */
  data: Fields;
  /** The text of a tool's answer, or of a resource. */
  text: string;
}

/** The Inspector's command line on a home: for each call it starts itself and `quickscrape mcp` anew. */
export class Inspector {
  readonly #home: string;
  readonly #era: Era;
  readonly #folder: string;
  /** What the server wrote in the last call. */
  readonly #wire: string;

  /** @param folder an empty one, for what the server wrote and for what the Inspector may write */
  constructor(home: string, era: Era, folder: string) {
    this.#home = home;
    this.#era = era;
    this.#folder = folder;
    this.#wire = join(folder, 'wire');
  }

  /** Calls a tool. */
  call(tool: string, params: Fields, ...more: string[]): Promise<Inspected> {
    return this.ask('tools/call', '--tool-name', tool, '--tool-args-json', JSON.stringify(params), ...more);
  }

  /** Asks any other thing. @throws Error when it failed otherwise than by an answer */
  async ask(method: string, ...more: string[]): Promise<Inspected> {
    const server = [process.execPath, PROGRAM, 'mcp', '--home', this.#home];
    const tapped = ['sh', '-c', '"$@" | tee "$0"', this.#wire, ...server];
    const flags = ['--protocol-era', this.#era, '--method', method, '--format', 'json', ...more];
    const child = spawn(process.execPath, [INSPECTOR, '--cli', ...tapped, ...flags], {
      env: { ...process.env, HOME: this.#folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (data: Buffer) => {
      stdout += data.toString();
    });
    child.stderr.on('data', (data: Buffer) => {
      stderr += data.toString();
    });
    const [code] = (await once(child, 'close')) as [number | null];
    if (stdout === '') throw new Error(`${this.#era}, ${method} ${more.join(' ')}: exit ${code}, ${stderr}`);
    const { result } = JSON.parse(stdout) as { result: Fields };
    const { structuredContent, content, contents } = result as Record<string, Fields[]>;
    const text = (content ?? contents ?? []).map((part) => String(part['text'])).join('\n');
    return { code, result, data: (structuredContent as unknown as Fields) ?? {}, text };
  }

  /** What the server sent in the last call beside answers. */
  notifications(): Fields[] {
    const messages = readFileSync(this.#wire, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Fields);
    return messages.filter((message) => 'method' in message);
  }
}
