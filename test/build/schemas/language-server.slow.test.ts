import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { ConfigStore } from '../../../src/core/configs/config-store.ts';
import { newConfigText } from '../../../src/core/configs/new-config.ts';
import { inProcess } from '../../cli/in-process.ts';
import { it } from '../../extend.ts';
import { isServerInstalled, openEditor } from './open-editor.ts';

it('the language server is there in CI', () => {
  expect(isServerInstalled || !process.env['CI']).toBe(true);
});

// Needs npm ci --prefix test/conformance.
describe.skipIf(!isServerInstalled)('an editor, without a network', () => {
  it('checks and completes a saved configuration', async ({ workspace }) => {
    const { paths } = workspace;
    const yaml = newConfigText('https://shop.example/', 'shop');
    await new ConfigStore(paths).write('shop', yaml);
    const editor = await openEditor(paths.home);

    expect(await editor.open(join(paths.configs, 'shop.yaml'), yaml)).toEqual([]);

    const wrong = yaml.replace('format: csv', 'format: cvs').replace('delays:', 'delay:');
    const found = await editor.open(join(paths.configs, 'wrong.yaml'), wrong);
    expect(found).toHaveLength(2);
    expect(found).toContainEqual(expect.stringMatching(/^delay:: .*delay is not allowed/));
    expect(found).toContainEqual(expect.stringMatching(/^format: cvs: .*Valid values: "csv"/));

    const half = `${yaml}backend: `;
    await editor.open(join(paths.configs, 'half.yaml'), half);
    const position = { line: half.split('\n').length - 1, character: 'backend: '.length };
    expect(await editor.complete(position)).toEqual(expect.arrayContaining(['auto', 'requests']));
  });

  it('checks and explains a job that the program made', async ({ home }) => {
    await inProcess(['init'], home);
    const create = [
      'job',
      'create',
      '--id',
      'prices',
      '--config',
      'example',
      '--schedule',
      'daily',
      '--at',
      '09:00',
    ];
    expect(await inProcess([...create, '--timezone', 'UTC', '--expect-min-items', '3'], home)).toMatchObject({
      code: 0,
    });
    const file = join(home, 'jobs', 'prices.json');
    const text = readFileSync(file, 'utf8');
    const editor = await openEditor(home);
    const changed = (from: string, to: string) => {
      expect(text).toContain(from);
      return editor.open(file, text.replace(from, to));
    };

    expect(await editor.open(file, text)).toEqual([]);
    const line = text.split('\n').findIndex((each) => each.includes('"overlap"'));
    expect(await editor.hover({ line, character: 5 })).toMatch(/earlier run is active.*queue.*waits/s);

    expect(await changed('"max_retries": 3', '"max_retries": "3"')).toEqual([
      '"max_retries": "3",: Incorrect type. Expected "integer".',
    ]);
    expect(await changed('"overlap": "skip"', '"overlap": "wait"')).toEqual([
      '"overlap": "wait",: Value is not accepted. Valid values: "skip", "queue", "cancel_running", "allow".',
    ]);
    expect(await changed('"09:00"', '"9:00"')).toEqual(['"time": "9:00",: Use HH:MM from 00:00 to 23:59.']);
    expect(await changed('"type": "daily"', '"type": "weekly"')).toEqual([
      '"schedule": {: Missing property "day_of_week".',
    ]);
    expect(await changed('"type": "daily"', '"type": "yearly"')).toEqual([
      '"type": "yearly",: Value is not accepted. Valid values: "once", "hourly", "daily", "weekly", "monthly", "custom".',
    ]);
    expect(await changed('"min_items"', '"minItems"')).toEqual([
      '"minItems": 3: Property minItems is not allowed.',
    ]);
  });

  it('checks and completes the settings that the program made', async ({ home }) => {
    await inProcess(['init'], home);
    expect(await inProcess(['config', 'set', 'keep_runs', '20'], home)).toMatchObject({ code: 0 });
    const file = join(home, 'settings.yaml');
    const text = readFileSync(file, 'utf8');
    const editor = await openEditor(home);

    expect(await editor.open(file, text)).toEqual([]);
    expect(await editor.open(file, `${text}max_concurent_runs: 8\nrespect_robots: yes\n`)).toEqual([
      'max_concurent_runs: 8: Property max_concurent_runs is not allowed.',
      'respect_robots: yes: Incorrect type. Expected "boolean".',
    ]);
    const half = `${text}executor: `;
    await editor.open(file, half);
    const position = { line: half.split('\n').length - 1, character: 'executor: '.length };
    expect(await editor.complete(position)).toEqual(expect.arrayContaining(['local', 'bullmq']));
  });

  it('checks and explains keys with the documented line', async ({ folder }) => {
    const home = join(folder, '.quickscrape');
    await inProcess(['init'], home);
    mkdirSync(join(folder, '.config', 'quickscrape'), { recursive: true });
    const file = join(folder, '.config', 'quickscrape', 'keys.yaml');
    const line = '# yaml-language-server: $schema=../../.quickscrape/.schemas/keys.json';
    expect(readFileSync(new URL('../../../docs/reference/dashboard.md', import.meta.url), 'utf8')).toContain(
      line,
    );
    const editor = await openEditor(folder);

    expect(await editor.open(file, `${line}\ntimeline.open: [T, "g t"]\njobs.run: 5\n`)).toEqual([]);
    expect(await editor.hover({ line: 2, character: 3 })).toContain('Run the job now');
    expect(await editor.open(file, `${line}\ntimeline.opne: x\nhelp.open: ctrl+c\n`)).toEqual([
      'timeline.opne: x: Property timeline.opne is not allowed.',
      expect.stringMatching(/^help.open: ctrl\+c: Use a character, or .* cannot be chosen: ctrl\+c,/),
    ]);
  });
});
