import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { canParseUrl } from '../../../core/lib/can-parse-url.ts';
import { pluralize, withHint } from '../../../core/lib/text.ts';
import { readFieldSource } from '../../../core/operations/field-source.ts';
import { browserOpener } from '../../../core/process/platform.ts';
import { requireRunItems } from '../../../core/runs/item-file.ts';
import { runFiles } from '../../../core/runs/run-files.ts';
import { readRun } from '../../../core/runs/run-queue.ts';
import { toFailure } from '../../kernel/call.ts';
import type { EffectOf } from '../../kernel/model.ts';
import { copyText, MAX_COPIED_BYTES, sendToClipboard, tmuxCondition } from '../../runtime/clipboard.ts';
import type { EffectContext } from '../../runtime/effect-context.ts';
import { Replaced } from './item-reader.ts';
import { withFields } from './item-table.ts';
import { type Item, type ItemsEvent, noticeSubject, type ShownRows } from './model.ts';
import { openJoin, readerOf } from './open-readers.ts';

/** Sends what comes of a question, or why nothing does. */
function answer(
  runId: string,
  { send }: EffectContext,
  work: Promise<ItemsEvent | undefined>,
  describe = (text: string): ItemsEvent => ({ kind: 'problem', text }),
): void {
  work.then(
    (event) => event && send({ kind: 'items', runId, event }),
    (error: unknown) => {
      if (error instanceof Replaced) return;
      const { message, hint } = toFailure(error);
      send({ kind: 'items', runId, event: describe(withHint(message, hint)) });
    },
  );
}

/** Reads items of a run. */
export function readItems(effect: EffectOf<'read_items'>, context: EffectContext): void {
  const { runId, asks } = effect;
  const onProgress = (share: number) =>
    context.send({ kind: 'items', runId, event: { kind: 'progress', asks, share } });
  const read = async (): Promise<ItemsEvent> => {
    const reader = await readerOf(effect, context);
    const page = await reader.read(effect, onProgress);
    if (page.all === 0 && !effect.joined) requireItemsOf(effect, context);
    return { kind: 'page', page };
  };
  answer(runId, context, read());
}

/** A file that is missing reads as empty. @throws QuickscrapeError `conflict` when the items of the run are gone */
function requireItemsOf({ runId }: ShownRows, { workspace: { db, paths } }: EffectContext): void {
  const run = readRun(db, runId);
  if (run !== undefined) requireRunItems(paths, run);
}

/** Counts what the columns hold, or the values of one. */
export function countItems(effect: EffectOf<'count_items'>, context: EffectContext): void {
  const { runId, field, asks } = effect;
  const { workspace } = context;
  const reader = readerOf(effect, context);
  if (field === undefined) {
    const figures = reader.then((open) => open.countColumns(effect));
    // Without the figures the items are shown all the same.
    answer(
      runId,
      context,
      figures.then(
        (read): ItemsEvent => ({ kind: 'figures', asks, ...read }),
        () => undefined,
      ),
    );
    return;
  }
  answer(
    runId,
    context,
    reader
      .then((open) => open.countValues(field, effect))
      .then((frequency) => {
        if (frequency === undefined) return undefined;
        return { kind: 'values', field, frequency, source: readFieldSource(workspace, runId, field) };
      }),
    (text) => ({ kind: 'values_failed', field, text }),
  );
}

/** Describes all columns. */
export function describeItems(effect: EffectOf<'describe_items'>, context: EffectContext): void {
  const described = readerOf(effect, context).then((reader) => reader.describeColumns(effect));
  answer(
    effect.runId,
    context,
    described.then((found) => found && { kind: 'described', described: found }),
    (text) => ({ kind: 'describe_failed', text }),
  );
}

/** Marks all items that are shown. */
export function markItems(effect: EffectOf<'mark_items'>, context: EffectContext): void {
  const numbers = readerOf(effect, context).then((reader) => reader.numbersOf(effect.query));
  answer(
    effect.runId,
    context,
    numbers.then((found) => ({ kind: 'table', change: { kind: 'mark_numbers', numbers: found } })),
  );
}

/** Looks for a text. */
export function findItem(effect: EffectOf<'find_item'>, context: EffectContext): void {
  const { runId, text } = effect;
  const found = readerOf(effect, context).then((reader) => reader.find(effect));
  answer(
    runId,
    context,
    found.then((hit) => ({
      kind: 'found',
      text,
      row: hit?.row,
      result:
        hit === null ? 'not found' : `${hit.at.toLocaleString('en-US')} of ${hit.of.toLocaleString('en-US')}`,
    })),
  );
}

/** Puts two runs side by side. */
export function joinShownRuns(effect: EffectOf<'join_runs'>, context: EffectContext): void {
  const { runId, asks } = effect;
  const onProgress = (share: number) =>
    context.send({ kind: 'items', runId, event: { kind: 'progress', asks, share } });
  answer(
    runId,
    context,
    Promise.resolve()
      .then(() => openJoin(effect, context, onProgress).runs)
      .then((joined) => ({ kind: 'joined', joined })),
    (text) => ({ kind: 'join_failed', text }),
  );
}

/** Finds the runs whose items are gone: retention removed them, or their past was invented. */
export function findGoneItems(
  { jobId, runId, runIds }: EffectOf<'find_gone_items'>,
  { workspace, send }: EffectContext,
): void {
  const gone = runIds.filter((id) => !existsSync(runFiles(workspace.paths, jobId, id).items));
  send({ kind: 'items', runId, event: { kind: 'gone', runIds: gone } });
}

/** Copies items as JSON: as many as the terminal takes. */
export function copyItems(effect: EffectOf<'copy_items'>, context: EffectContext): void {
  const { rows, fields } = effect;
  const { send } = context;
  readerOf(effect, context)
    .then((reader) => reader.readNumbers(rows))
    .then(
      (items) => {
        const { text, count } = fittingJson(items.map((item) => withFields(item, fields)));
        const what = pluralize(rows.length, 'item');
        if (count === rows.length) return copyText({ text, what }, context);
        if (count > 0) sendToClipboard(text, context);
        const left = rows.length - count;
        const copied = count === 0 ? 'Copied nothing' : `Copied ${formatCount(count)} of ${what}`;
        const why = `${formatCount(left)} more would be too long for the terminal's clipboard`;
        send({ kind: 'said', tone: 'warning', text: `${copied}: ${why}. x writes all of them to a file.` });
      },
      (error: unknown) => {
        const subject = noticeSubject(effect.runId);
        send({ kind: 'said', tone: 'bad', text: toFailure(error).message, subject });
      },
    );
}

/** The first items as a JSON list, as many as the clipboard of a terminal takes. */
function fittingJson(items: readonly Item[]): { text: string; count: number } {
  const parts: string[] = [];
  // The brackets and the line breaks at them.
  let bytes = 4;
  for (const item of items) {
    const part = `  ${JSON.stringify(item, null, 2).replaceAll('\n', '\n  ')}`;
    bytes += Buffer.byteLength(part) + ',\n'.length;
    if (bytes > MAX_COPIED_BYTES) break;
    parts.push(part);
  }
  return { text: `[\n${parts.join(',\n')}\n]`, count: parts.length };
}

function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

/**
 * Opens an address in the browser that the user chose, or that the system knows. Over ssh, where the program cannot show
 * one, it copies the address.
 */
export function openLink({ url }: EffectOf<'open_link'>, context: EffectContext): void {
  const { send } = context;
  // The address comes from a page: only what a browser is for, in one argument, without a shell.
  if (!canParseUrl(url) || !/^https?:$/.test(new URL(url).protocol)) return;
  const { href } = new URL(url);
  const program = findBrowser(process.env);
  if (program === undefined) {
    const way = sendToClipboard(href, context);
    const copied = way === undefined ? href : `the link is copied.${tmuxCondition(way, context)}`;
    const text = `No browser on this machine: ${copied}`;
    send({ kind: 'said', tone: way === undefined ? 'warning' : 'good', text });
    return;
  }
  const child = spawn(program, [href], { stdio: 'ignore', detached: true });
  child.on('error', () =>
    send({
      kind: 'said',
      tone: 'warning',
      text: `${program} did not start: name a browser in $BROWSER. ${href}`,
    }),
  );
  const opened = () => send({ kind: 'said', tone: 'good', text: `Opened ${href}`, subject: href });
  // Some openers end at once, and some are the browser.
  let isWaiting = true;
  const started = setTimeout(() => {
    isWaiting = false;
    opened();
  }, STARTED_AFTER_MS);
  started.unref();
  child.on('spawn', () => send({ kind: 'said', tone: 'info', text: `Opening ${href}`, subject: href }));
  child.on('error', () => clearTimeout(started));
  child.on('exit', (code, signal) => {
    clearTimeout(started);
    if (!isWaiting) return;
    if (code === 0) return opened();
    const how = code === null ? `ended by ${signal}` : `exit code ${code}`;
    send({ kind: 'said', tone: 'bad', text: describeFailed(program, how, href, context), subject: href });
  });
  child.unref();
}

/** An opener that still runs after this time has begun to show the page. */
const STARTED_AFTER_MS = 2_000;

/** That an address was not opened, and where it is now. */
function describeFailed(program: string, how: string, href: string, context: EffectContext): string {
  const way = sendToClipboard(href, context);
  const next = 'name another browser in $BROWSER';
  if (way === undefined) return `${program} did not open it (${how}): ${next}. ${href}`;
  return `${program} did not open it (${how}). The link is copied; or ${next}.${tmuxCondition(way, context)}`;
}

/** The program that opens addresses; `undefined` on a machine that is reached over ssh, without a display. */
function findBrowser(env: NodeJS.ProcessEnv): string | undefined {
  const chosen = env['BROWSER']?.split(':')[0]?.trim();
  if (chosen) return chosen;
  const hasDisplay = Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY']);
  return env['SSH_CONNECTION'] && !hasDisplay ? undefined : browserOpener();
}
