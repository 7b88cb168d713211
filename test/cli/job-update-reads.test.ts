import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { JobFiles, JobVersions } from '../../src/core/jobs/job-files.ts';
import { JobReader } from '../../src/core/jobs/job-reader.ts';
import { shopHome } from './shop-home.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const CREATE = ['job', 'create', '--config', 'books', '--schedule', 'daily', '--at', '09:00', '--id'];

it.each([
  ['of the whole id', 'a', ['--at', '07:30']],
  ['of the beginning of an id', 'morn', ['--at', '07:30']],
  ['that changes nothing', 'a', ['--at', '09:00']],
])('job update %s looks the job up once and reads its file twice', async (_, name, flags) => {
  const { qs, home } = shopHome();
  const id = name === 'morn' ? 'morning' : name;
  await qs(...CREATE, id);
  const reads = vi.spyOn(JobVersions.prototype, 'read');
  const finds = vi.spyOn(JobReader.prototype, 'find');
  const looks = vi.spyOn(JobReader.prototype, 'getForChange');
  expect(await qs('job', 'update', name, ...flags)).toMatchObject({ code: 0 });
  expect(finds).toHaveBeenCalledTimes(1);
  // The one under the lock begins with the text that the lookup has read.
  expect(looks).toHaveBeenCalledTimes(1);
  const file = join(home, 'jobs', `${id}.json`);
  expect(reads.mock.calls.filter(([path]) => path === file)).toHaveLength(2);
});

it('a refusal caused by a text that was edited meanwhile is decided again by the new text', async () => {
  const { qs, home } = shopHome();
  await qs(...CREATE, 'a', '--description', 'old');
  const file = join(home, 'jobs', 'a.json');
  // As if the edit had been made within one tick of the clock: in place, as many bytes, no trace in the stamp.
  const stamp = new JobFiles(join(home, 'jobs')).stamp('a');
  vi.spyOn(JobFiles.prototype, 'stamp').mockReturnValue(stamp);
  const read = JobVersions.prototype.read;
  let edited = false;
  vi.spyOn(JobVersions.prototype, 'read').mockImplementation(function (this: JobVersions, path) {
    const version = read.call(this, path);
    if (!edited) writeFileSync(path, readFileSync(path, 'utf8').replace('"old"', '"new"'));
    edited = true;
    return version && stamp && { ...version, stamp };
  });
  const said = await qs('job', 'update', 'a', '--if-revision', '2', '--tag', 'x');
  expect(said).toMatchObject({ code: 0, stdout: expect.stringContaining('(revision 3)') });
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ description: 'new', tags: ['x'] });
});
