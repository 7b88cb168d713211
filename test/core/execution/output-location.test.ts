import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type OutputChoice, resolveRunOutput } from '../../../src/core/execution/output-location.ts';
import { makeHome, resolveHome } from '../../../src/core/fs/paths.ts';
import { lacks } from '../../platform.ts';
import { tempFolder } from '../../temp-folder.ts';

const run = {
  runId: 'abc',
  jobId: 'prices-k3f9',
  configName: 'prices',
  scheduledFor: Date.parse('2026-11-25T23:30:00Z'),
  queuedAt: 0,
  timezone: 'Europe/Berlin',
};
const nothing = { output_format: null, output_path: null };

function home() {
  const paths = resolveHome({ home: join(tempFolder(), 'home') });
  makeHome(paths);
  return {
    paths,
    output: (choice: Partial<OutputChoice>) =>
      resolveRunOutput(paths, run, { job: nothing, config: { format: 'csv' }, ...choice }),
  };
}

describe('the output of a run', () => {
  it('goes to output/ under the configuration’s name by default', () => {
    const { paths, output } = home();
    expect(output({})).toMatchObject({ file: join(paths.output, 'prices.csv'), format: 'csv' });
  });

  it('follows the job’s path and format before the configuration’s', () => {
    const { paths, output } = home();
    const job = { output_format: 'jsonl', output_path: 'a/{date}.txt' };
    expect(output({ job })).toMatchObject({
      file: join(paths.output, 'a', '2026-11-26.txt'),
      format: 'jsonl',
    });
  });

  it('changes the ending with the format that the job changes', () => {
    const { paths, output } = home();
    const choice = {
      job: { ...nothing, output_format: 'json' },
      config: { format: 'csv' as const, path: 'x.tsv' },
    };
    expect(output(choice).file).toBe(join(paths.output, 'x.json'));
  });

  it('changes the format with the ending that the job changes', () => {
    const { output } = home();
    expect(output({ job: { ...nothing, output_path: 'x.ndjson' } }).format).toBe('jsonl');
    expect(output({ job: { ...nothing, output_path: 'x.txt' } }).format).toBe('csv');
  });

  it('is compressed when its name says so and the format allows it', () => {
    const { paths, output } = home();
    const of = (output_format: string, path: string) =>
      output({ job: { ...nothing, output_format }, config: { format: 'csv', path } }).file;
    expect(of('json', 'x.csv.gz')).toBe(join(paths.output, 'x.json.gz'));
    expect(of('excel', 'x.csv.gz')).toBe(join(paths.output, 'x.xlsx'));
    expect(output({ job: { ...nothing, output_path: 'x.jsonl.gz' } }).format).toBe('jsonl');
    const job = { output_format: 'sqlite', output_path: 'x.csv.gz' };
    expect(() => output({ job })).toThrowError(/sqlite is not compressed/);
  });

  it('goes where an absolute path says', () => {
    const { output } = home();
    const elsewhere = join(tempFolder(), 'x.csv');
    expect(output({ job: { ...nothing, output_path: elsewhere } }).file).toBe(elsewhere);
  });

  it.skipIf(lacks('links'))(
    'never lands among our own files: by an absolute path, by .. or by a link',
    () => {
      const { paths, output } = home();
      symlinkSync(paths.home, join(paths.output, 'up'));
      mkdirSync(join(paths.output, 'fine'));
      for (const path of [
        paths.database,
        join(paths.home, 'settings.yaml'),
        join(paths.jobs, 'new', 'x.json'),
        paths.home,
        '../quickscrape.db',
        'up/quickscrape.db',
        'up/configs/x.yaml',
      ]) {
        expect(() => output({ job: { ...nothing, output_path: path } }), path).toThrowError(
          expect.objectContaining({ code: 'invalid_params', field: 'output_path' }),
        );
      }
      expect(output({ job: { ...nothing, output_path: 'fine/../x.csv' } }).file).toBe(
        join(paths.output, 'x.csv'),
      );
      expect(output({ job: { ...nothing, output_path: 'up/output/x.csv' } }).format).toBe('csv');
    },
  );

  it.skipIf(lacks('links'))(
    'may lie behind a link that the output folder is, but not among our own files',
    () => {
      const { paths, output } = home();
      const elsewhere = tempFolder();
      for (const [target, allowed] of [
        [elsewhere, true],
        [paths.jobs, false],
        [paths.home, false],
      ] as const) {
        rmSync(paths.output, { recursive: true, force: true });
        symlinkSync(target, paths.output);
        const place = () => output({ job: { ...nothing, output_path: 'x.json' } });
        if (allowed) expect(place().file).toBe(join(paths.output, 'x.json'));
        else expect(place).toThrowError(expect.objectContaining({ code: 'invalid_params' }));
      }
    },
  );
});
