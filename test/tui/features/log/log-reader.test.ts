import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { rowsOnScreen } from '../../../../src/tui/features/log/log-rows.ts';
import { EMPTY_LOG, type LogEvent, type LogView } from '../../../../src/tui/features/log/model.ts';
import { reduceLog } from '../../../../src/tui/features/log/reduce-log.ts';
import { LogReader } from '../../../../src/tui/features/log/watch-log.ts';
import { tempFolderInMemory } from '../../../temp-folder.ts';
import { waitFor } from '../../../wait-for.ts';

const VIEW: LogView = { columns: 60, rows: 4, timezone: 'UTC' };

/** A log that is looked at, as the dashboard does it: events to the reducer, its wishes to the reader. */
function lookedAt(content: string) {
  const file = join(tempFolderInMemory(), 'run.log');
  writeFileSync(file, content);
  let slice = EMPTY_LOG;
  const send = (event: LogEvent) => {
    const step = reduceLog(slice, VIEW, event);
    slice = step.slice;
    for (const wish of step.requests) reader.request(wish);
  };
  const reader = new LogReader(file, send);
  onTestFinished(() => reader.close());
  const rows = () => rowsOnScreen(slice, VIEW).map(({ line }) => line.text);
  const shows = (text: string) => waitFor(`"${text}" on the screen`, () => rows().includes(text));
  return { file, send, rows, shows, slice: () => slice };
}

const line = (text: string, level = 'INFO ') => `2026-11-25T09:00:00.000Z ${level} ${text}\n`;

it('shows a log as it grows, is removed and comes back', async () => {
  const log = lookedAt(line('first'));
  await log.shows('first');
  appendFileSync(log.file, line('second'));
  await log.shows('second');
  rmSync(log.file);
  await waitFor('an empty screen', () => log.rows().length === 0);
  writeFileSync(log.file, line('third'));
  await log.shows('third');
  expect(log.slice().renewed).toBe(true);
});

it('finds the first error and the hits of a log that is far longer than the part in memory', async () => {
  const lines = Array.from({ length: 30_000 }, (_, n) => line(`entry ${n}`, n === 7 ? 'ERROR' : 'INFO '));
  const log = lookedAt(lines.join(''));
  await log.shows('entry 29999');
  log.send({ kind: 'to_error' });
  await log.shows('entry 7');
  log.send({ kind: 'wanted', text: 'entry 1500' });
  log.send({ kind: 'search' });
  await log.shows('entry 1500');
  expect(log.slice().search).toMatchObject({ isComplete: true, hits: { length: 11 } });
  log.send({ kind: 'hit', direction: -1 });
  await log.shows('entry 15009');
  log.send({ kind: 'start' });
  await log.shows('entry 0');
  log.send({ kind: 'bottom' });
  await log.shows('entry 29999');
});

it.each([true, false])('says of an empty log whether the run has items: %s', async (hasItems) => {
  const folder = tempFolderInMemory();
  const items = join(folder, 'items.jsonl');
  if (hasItems) writeFileSync(items, '{}\n');
  const told = await new Promise<LogEvent>((send) => {
    const reader = new LogReader(join(folder, 'run.log'), send, items);
    onTestFinished(() => reader.close());
  });
  expect(told).toMatchObject({ kind: 'end', page: { size: 0, hasItems } });
});
