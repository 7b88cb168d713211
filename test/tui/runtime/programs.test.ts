import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { resolveHome } from '../../../src/core/fs/paths.ts';
import { runFiles } from '../../../src/core/runs/run-files.ts';
import { EFFECT_HANDLERS } from '../../../src/tui/app/features.ts';
import type { Effect } from '../../../src/tui/kernel/model.ts';
import type { EffectContext } from '../../../src/tui/runtime/effect-context.ts';
import { runEffect } from '../../../src/tui/runtime/effects.ts';
import { needs } from '../../platform.ts';
import { tempFolder } from '../../temp-folder.ts';

/** Carries an effect out with a program as editor and pager; tells what it was shown, and what came of it. */
function carried(effect: Effect, { home = tempFolder(), script = '' } = {}) {
  needs('shell');
  const folder = tempFolder();
  const program = join(folder, 'program');
  writeFileSync(program, `#!/bin/sh\necho "$1" > ${folder}/path\ncat "$1" > ${folder}/shown\n${script}\n`);
  chmodSync(program, 0o700);
  vi.stubEnv('PAGER', program).stubEnv('VISUAL', program).stubEnv('TMPDIR', join(folder, 'tmp'));
  onTestFinished(() => void vi.unstubAllEnvs());
  mkdirSync(join(folder, 'tmp'));
  const told: unknown[] = [];
  const terminal: string[] = [];
  const screen = {
    size: { columns: 80, rows: 24 },
    enter: () => terminal.push('enter'),
    leave: () => terminal.push('leave'),
  };
  const keyboard = { pause: () => terminal.push('pause'), resume: () => terminal.push('resume') };
  const send = (event: { kind: string }) => event.kind !== 'resize' && told.push(event);
  const workspace = { paths: resolveHome({ home }) };
  runEffect(EFFECT_HANDLERS, effect, {
    workspace,
    screen,
    keyboard,
    send,
    readOnly: false,
  } as unknown as EffectContext);
  const own = join(folder, 'tmp');
  const read = (name: string) =>
    existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : '';
  return {
    told,
    terminal,
    shown: read('shown'),
    path: read('path').trim(),
    own,
    left: readdirSync(own),
  };
}

it('lends the terminal to the pager with a text, and nothing of it is left behind', () => {
  const { shown, told, terminal, left, path, own } = carried({
    kind: 'page_text',
    text: '{"价": 1}\n',
    tag: 'items',
  });
  expect(shown).toBe('{"价": 1}\n');
  expect(path.startsWith(own)).toBe(true);
  expect(left).toEqual([]);
  expect(told).toEqual([{ kind: 'outside_ended', tag: 'items', ok: true }]);
  expect([terminal.slice(0, 2), terminal.at(-1)]).toEqual([['pause', 'leave'], 'enter']);
});

it.each([
  ['log', 'what it did\n'],
  ['page', '<html>'],
] as const)('shows the %s that a run has left behind', (file, text) => {
  const home = tempFolder();
  const { log, pages } = runFiles(resolveHome({ home }), 'books', 'r1');
  const path = file === 'log' ? log : join(pages, '1.html');
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  const result = carried({ kind: 'page_run', jobId: 'books', runId: 'r1', file, tag: 'run' }, { home });
  expect(result).toMatchObject({ shown: text, path });
});

it('reports a missing file without starting a pager', () => {
  const path = join(tempFolder(), 'run.log');
  const { told, terminal } = carried({ kind: 'page_file', path, tag: 'log' }, { script: 'exit 0' });
  expect(told).toEqual([
    { kind: 'outside_ended', tag: 'log', ok: false, problem: expect.stringContaining(`${path} is gone`) },
  ]);
  expect(terminal).toEqual([]);
});

it('gives the editor a copy by its own name, and takes what that has become', () => {
  const effect = { kind: 'edit_text', text: 'name: a\n', fileName: 'books.yaml', tag: 'edit' } as const;
  const { path, told, left } = carried(effect, { script: 'echo "name: b" > "$1"' });
  expect(path).toMatch(/\/books\.yaml$/);
  expect(told).toEqual([{ kind: 'text_edited', tag: 'edit', text: 'name: b\n' }]);
  expect(left).toEqual([]);
});

it('says how the editor failed, with what the copy is all the same', () => {
  const effect = { kind: 'edit_text', text: 'name: a\n', fileName: 'books.yaml', tag: 'edit' } as const;
  const [event] = carried(effect, { script: 'exit 3' }).told;
  expect(event).toMatchObject({ text: 'name: a\n', problem: expect.stringMatching(/ended with code 3$/) });
});
