import { existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, truncateSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FileReceiver } from '../../../src/workers/home/file-receiver.ts';
import { type Piece, RESEND_AFTER_MS, WINDOW_BYTES } from '../../../src/workers/machine/file-sender.ts';
import { lacks } from '../../platform.ts';
import { tempFolderInMemory } from '../../temp-folder.ts';
import { Attempt, checkTransfers, MANY } from './transfer-attempt.ts';

describe('the files of a run', () => {
  it('are the same at home in the end, whatever the queues lose, double, delay or reorder', () => {
    checkTransfers(200);
  });

  it('of an earlier attempt are removed once, and not by a restart of the home', () => {
    const attempt = new Attempt(tempFolderInMemory());
    expect(statSync(attempt.files.items).size).toBe(0);
    attempt.write('items.jsonl', '{"a":1}\n');
    for (const piece of attempt.sender.next()) attempt.deliver(piece);
    attempt.receiver = attempt.newReceiver();
    expect(attempt.receiver.size('items.jsonl')).toBe(8);
    const next = new FileReceiver(attempt.files, 'another-token', attempt.logAt, MANY);
    expect(next.size('items.jsonl')).toBe(0);
  });

  it('keep their offsets when a power loss took a part of the log', () => {
    const attempt = new Attempt(tempFolderInMemory(), 'line one\nline two\n');
    truncateSync(attempt.files.log, 9);
    attempt.receiver = attempt.newReceiver();
    attempt.write('run.log', 'line three\n');
    for (const piece of attempt.sender.next()) attempt.deliver(piece);
    expect(readFileSync(attempt.files.log, 'utf8')).toBe(`line one\n${'\n'.repeat(9)}line three\n`);
  });

  it.skipIf(lacks('modes', 'links'))('are private, and never written through a link', () => {
    const folder = tempFolderInMemory();
    const attempt = new Attempt(folder);
    attempt.receiver.receive({ file: 'pages/1.html', at: 0, data: Buffer.from('page') });
    const page = join(attempt.receiver.incoming, 'pages/1.html');
    expect(statSync(page).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(page)).mode & 0o777).toBe(0o700);
    rmSync(attempt.receiver.incoming, { recursive: true });
    mkdirSync(join(folder, 'elsewhere'));
    symlinkSync(join(folder, 'elsewhere'), attempt.receiver.incoming);
    expect(() =>
      attempt.receiver.receive({ file: 'collected.json', at: 0, data: Buffer.from('{}') }),
    ).toThrow('symbolic link');
    expect(() => attempt.newReceiver()).toThrow('symbolic link');
    rmSync(attempt.files.log);
    symlinkSync(join(folder, 'log'), attempt.files.log);
    expect(() => attempt.receiver.receive({ file: 'run.log', at: 0, data: Buffer.from('x') })).toThrow(
      'symbolic link',
    );
    expect(existsSync(join(folder, 'log'))).toBe(false);
  });

  it('are no larger than the run may send', () => {
    const attempt = new Attempt(tempFolderInMemory());
    const receiver = attempt.newReceiver(10);
    expect(receiver.receive({ file: 'items.jsonl', at: 0, data: Buffer.alloc(6) })).toEqual({ size: 6 });
    expect(receiver.receive({ file: 'run.log', at: attempt.logAt, data: Buffer.alloc(4) })).toEqual({
      size: attempt.logAt + 4,
    });
    expect(receiver.receive({ file: 'pages/1.html', at: 0, data: Buffer.alloc(1) })).toEqual({
      error: {
        kind: 'result_too_large',
        message: 'the run sent more than 10 bytes, which is the setting executor_max_result',
      },
    });
    expect(receiver.receive({ file: 'items.jsonl', at: 0, data: Buffer.alloc(6) })).toEqual({ size: 6 });
  });

  it('have at most a mebibyte that is not acknowledged, and send it again after five seconds', () => {
    const attempt = new Attempt(tempFolderInMemory());
    attempt.write('items.jsonl', Buffer.alloc(3 * WINDOW_BYTES));
    attempt.write('run.log', Buffer.alloc(1_000));
    const bytes = (sent: Piece[]) => sent.reduce((sum, { data }) => sum + data.length, 0);
    const first = attempt.sender.next();
    expect(first[0]?.file).toBe('run.log');
    expect(bytes(first)).toBeLessThan(WINDOW_BYTES + 131_072);
    expect(attempt.sender.next()).toEqual([]);
    attempt.now += RESEND_AFTER_MS + 1;
    expect(bytes(attempt.sender.next())).toBe(bytes(first));
    for (const piece of first) attempt.deliver(piece);
    expect(bytes(attempt.sender.next())).toBeGreaterThan(900_000);
    expect(attempt.sender.sizes()).toEqual({
      'items.jsonl': 3 * WINDOW_BYTES,
      'run.log': attempt.logAt + 1_000,
    });
  });
});
