import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { lacks } from '../platform.ts';
import { readManualPages, serveFolder } from './postgresql-manual-site.ts';

async function openFolder() {
  const parent = await mkdtemp(join(tmpdir(), 'qs-folder-'));
  onTestFinished(() => rm(parent, { recursive: true, force: true }));
  const folder = join(parent, 'html');
  await mkdir(join(folder, 'sub'), { recursive: true });
  await writeFile(join(parent, 'secret.txt'), 'secret');
  await writeFile(
    join(folder, 'index.html'),
    '<title>Start &amp;\n go</title><a accesskey="n" href="two.html">',
  );
  await writeFile(join(folder, 'two.html'), '<title>Two</title>');
  await writeFile(join(folder, 'sub', 'a b.svg'), '<svg/>');
  await symlink(join(parent, 'secret.txt'), join(folder, 'link.txt'));
  const site = await serveFolder(folder);
  onTestFinished(() => site.close());
  return { folder, url: site.url };
}

/** Sends the path as it is; fetch would tidy it up first. */
function statusOf(url: string, path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { path }, (response) =>
      response.resume().on('end', () => resolve(response.statusCode)),
    );
    sent.on('error', reject).end();
  });
}

test('files are served with their types, a folder by its index.html', async () => {
  const { url } = await openFolder();
  const page = await fetch(url);
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(await page.text()).toContain('Start');
  const picture = await fetch(`${url}sub/a%20b.svg?x=1`);
  expect(picture.headers.get('content-type')).toBe('image/svg+xml');
  expect(await picture.text()).toBe('<svg/>');
});

test.skipIf(lacks('links'))('nothing outside of the folder is served', async () => {
  const { url } = await openFolder();
  for (const path of [
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/link.txt',
    '/%00',
    '/%ff',
  ]) {
    expect(await statusOf(url, path)).toBe(404);
  }
  expect(await statusOf(url, '/sub')).toBe(404);
  expect(await statusOf(url, '/two.html')).toBe(200);
});

test('the pages of a manual are those on its chain of next links', async () => {
  const { folder } = await openFolder();
  expect(await readManualPages(folder)).toEqual([
    { file: 'index.html', title: 'Start & go' },
    { file: 'two.html', title: 'Two' },
  ]);
});
