import { spawn } from 'node:child_process';
import { canParseUrl } from '../../../core/lib/can-parse-url.ts';
import { pluralize } from '../../../core/lib/text.ts';
import { browserOpener } from '../../../core/process/platform.ts';
import { runFiles } from '../../../core/runs/run-files.ts';
import { toFailure } from '../../kernel/call.ts';
import type { EffectOf } from '../../kernel/model.ts';
import type { EffectContext } from '../../runtime/effect-context.ts';
import { clipboardSequence, copyText } from '../../runtime/effects.ts';
import { ItemReader, Replaced } from './item-reader.ts';
import type { ItemsEvent } from './model.ts';

/** As many as a page has; more do not fit into a clipboard. */
const MAX_COPIED = 500;

/** The reader of the run whose items were read last. */
const last = new WeakMap<EffectContext, { runId: string; reader: ItemReader }>();

function readerOf({ jobId, runId }: { jobId: string; runId: string }, context: EffectContext): ItemReader {
  const known = last.get(context);
  if (known?.runId === runId) return known.reader;
  void known?.reader.close();
  const reader = new ItemReader(runFiles(context.workspace.paths, jobId, runId).items);
  last.set(context, { runId, reader });
  return reader;
}

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
      send({ kind: 'items', runId, event: describe(toFailure(error).message) });
    },
  );
}

/** Reads items of a run. */
export function readItems(effect: EffectOf<'read_items'>, context: EffectContext): void {
  const { runId, asks } = effect;
  const onProgress = (share: number) =>
    context.send({ kind: 'items', runId, event: { kind: 'progress', asks, share } });
  const page = readerOf(effect, context).read(effect, onProgress);
  answer(
    runId,
    context,
    page.then((read) => ({ kind: 'page', page: read })),
  );
}

/** Counts what the columns hold, or the values of one. */
export function countItems(effect: EffectOf<'count_items'>, context: EffectContext): void {
  const { runId, field, asks } = effect;
  const reader = readerOf(effect, context);
  if (field === undefined) {
    const figures = reader.countColumns(effect);
    // Without the figures the items are shown all the same.
    answer(
      runId,
      context,
      figures.then(
        (read): ItemsEvent => ({ kind: 'figures', asks, figures: read }),
        () => undefined,
      ),
    );
    return;
  }
  answer(
    runId,
    context,
    reader.countValues(field, effect).then((frequency) => frequency && { kind: 'values', field, frequency }),
    (text) => ({ kind: 'values_failed', field, text }),
  );
}

/** Looks for a text. */
export function findItem(effect: EffectOf<'find_item'>, context: EffectContext): void {
  const { runId, text } = effect;
  const found = readerOf(effect, context).find(effect);
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

/** Copies items as JSON. */
export function copyItems(effect: EffectOf<'copy_items'>, context: EffectContext): void {
  const { rows } = effect;
  const { send } = context;
  if (rows.length > MAX_COPIED) {
    const text = `${pluralize(rows.length, 'item')}: too many for the clipboard. At most ${MAX_COPIED} are copied.`;
    send({ kind: 'said', tone: 'warning', text });
    return;
  }
  readerOf(effect, context)
    .readNumbers(rows)
    .then(
      (items) => {
        const text = JSON.stringify(items, null, 2);
        copyText({ text, what: pluralize(items.length, 'item') }, context);
      },
      (error: unknown) => send({ kind: 'said', tone: 'bad', text: toFailure(error).message }),
    );
}

/**
 * Opens an address in the browser that the user chose, or that the system knows. Over ssh, where the program cannot show
 * one, it copies the address.
 */
export function openLink({ url }: EffectOf<'open_link'>, { screen, send }: EffectContext): void {
  // The address comes from a page: only what a browser is for, in one argument, without a shell.
  if (!canParseUrl(url) || !/^https?:$/.test(new URL(url).protocol)) return;
  const { href } = new URL(url);
  const program = findBrowser(process.env);
  if (program === undefined) {
    const sequence = clipboardSequence(href, process.env);
    if (sequence !== undefined) screen.send(sequence);
    const text = `No browser on this machine: ${sequence === undefined ? href : 'the link is copied.'}`;
    send({ kind: 'said', tone: sequence === undefined ? 'warning' : 'good', text });
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
  child.on('spawn', () => send({ kind: 'said', tone: 'good', text: `Opened ${href}` }));
  child.unref();
}

/** The program that opens addresses; `undefined` on a machine that is reached over ssh, without a display. */
function findBrowser(env: NodeJS.ProcessEnv): string | undefined {
  const chosen = env['BROWSER']?.split(':')[0]?.trim();
  if (chosen) return chosen;
  const hasDisplay = Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY']);
  return env['SSH_CONNECTION'] && !hasDisplay ? undefined : browserOpener();
}
