import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Debian's, which has the packages of apt. */
const PYTHON = '/usr/bin/python3';
const SCRIPT = fileURLToPath(new URL('oracle.py', import.meta.url));

/** The rows that the programs of others take from a file, or why they take none. */
export type OracleRows<Row> = readonly Row[] | { error: string };

export type OracleTask =
  | { kind: 'html'; url: string; item: string; fields: Record<string, { css: string; attribute?: string }> }
  | { kind: 'tables'; table: string }
  | { kind: 'json' | 'xml'; url: string; item: string; fields: Record<string, string> }
  | {
      kind: 'embedded';
      script: string;
      /** What the script gives the JSON to; without one it is JSON alone. */
      variable?: string;
      item: string;
      fields: Record<string, string>;
    }
  | { kind: 'entities'; url: string; syntax: 'json-ld' | 'microdata' | 'opengraph' };

/** Returns why the oracles cannot be asked; undefined if they can. */
export function findMissingOracle(): string | undefined {
  if (!existsSync(PYTHON)) return `no ${PYTHON}: apt-get install python3`;
  const { status, stderr } = spawnSync(PYTHON, [SCRIPT, '--versions'], { encoding: 'utf8' });
  if (status === 0) return undefined;
  return `${stderr.trim().split('\n').at(-1)}: node test/scrape/oracles/install.mjs FOLDER`;
}

/** Asks the programs of others for the rows of files, in this order. */
export function runOracle<Row>(task: OracleTask, files: readonly string[]): OracleRows<Row>[] {
  const { status, stdout, stderr } = spawnSync(PYTHON, [SCRIPT], {
    input: JSON.stringify({ ...task, files }),
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  });
  if (status !== 0) throw new Error(stderr);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as OracleRows<Row>);
}
