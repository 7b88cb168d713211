import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { checkConfigText, testConfigText } from '../../../src/core/configs/scraper-client.ts';
import { programFile } from '../../../src/core/lib/program.ts';
import { listProcesses } from '../../../src/core/process/process-table.ts';
import { it } from '../../extend.ts';
import { lacks } from '../../platform.ts';
import { sendSignal } from '../../send-signal.ts';
import { tempFolder } from '../../temp-folder.ts';
import { waitFor } from '../../wait-for.ts';

const YAML = 'url: "http://127.0.0.1:9/"\nselectors:\n  title: h3\n';

/** The programs that answer questions of this process. */
function askedPrograms(): number[] {
  return listProcesses().flatMap(({ pid, parent }) => {
    const isOurs = parent === process.pid && commandOf(pid).includes(programFile('config'));
    return isOurs ? [pid] : [];
  });
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/** A page on which a selector with sibling steps is busy for hours. */
function hangingQuestion() {
  const folder = tempFolder();
  const file = join(folder, '1.html');
  writeFileSync(file, '<i></i>'.repeat(20_000));
  const yaml = `url: "http://127.0.0.1:9/"\nselectors:\n  title: "b${' ~ i'.repeat(6)}"\n`;
  return {
    yaml,
    name: 'hang.yaml',
    home: folder,
    max_pages: 1,
    sample_items: 1,
    pages: [{ file, url: 'http://a.example/', content_type: 'text/html' }],
  };
}

it('reports what a configuration would reach, and its warnings', async () => {
  const answer = await checkConfigText(`${YAML}user_agent: "\${ASK_UNSET}"\n`, 'books.yaml');
  expect(answer).toEqual({
    warnings: [
      expect.objectContaining({ file: 'books.yaml', line: 4, path: 'user_agent', hint: expect.any(String) }),
    ],
    facts: {
      privateHosts: ['127.0.0.1:9'],
      outputPath: null,
      variables: ['ASK_UNSET'],
      references: [{ path: 'user_agent', text: '${ASK_UNSET}', ways: '[,,,,,,[]]' }],
      addresses: ['http://127.0.0.1:9/'],
      needsBrowser: false,
      caFile: null,
      addressFiles: [],
      addressJob: null,
      concurrency: null,
      countedBy: null,
      secrets: [],
      headers: [],
      request: null,
    },
  });
});

it('throws the scraper’s own error', async () => {
  const wrong = checkConfigText(YAML.replace('h3', '"h3 >"'), 'books.yaml');
  await expect(wrong).rejects.toMatchObject({
    name: 'QuickscrapeError',
    code: 'invalid_config',
    message: 'books.yaml:3:10: selectors.title: "h3 >" ends in a combinator',
    issues: [{ file: 'books.yaml', line: 3, column: 10 }],
  });
});

it('reports a broken settings file', async ({ home }) => {
  writeFileSync(join(home, 'settings.yaml'), 'request_timeout: soon\n');
  const { pages: _, ...question } = hangingQuestion();
  const test = testConfigText({ ...question, yaml: YAML, home });
  await expect(test).rejects.toMatchObject({
    code: 'invalid_config',
    message: expect.stringContaining('settings.yaml:1:'),
  });
});

describe.skipIf(lacks('linux'))('the program that answers', () => {
  it('is ended with its time when a selector hangs', async () => {
    const test = testConfigText(hangingQuestion(), { limitMs: 1_500 });
    await expect(test).rejects.toMatchObject({
      code: 'invalid_config',
      message: 'hang.yaml was not tried out within 1.5 s, and was ended',
      hint: expect.stringContaining('plainer'),
    });
    expect(askedPrograms()).toEqual([]);
  });

  it('is ended at once when the caller stops waiting', async ({ site }) => {
    site.hold();
    const { pages, ...question } = hangingQuestion();
    const live = { ...question, yaml: YAML.replace('http://127.0.0.1:9/', site.url) };
    const caller = new AbortController();
    const waiting = testConfigText(live, { signal: caller.signal });
    const busy = testConfigText({ ...question, pages }, { signal: caller.signal });
    const ends = Promise.allSettled([waiting, busy]);
    await waitFor('the page to be asked for', () => site.hits() === 1);
    expect(askedPrograms()).toHaveLength(2);
    caller.abort();
    const called = expect.objectContaining({
      code: 'internal',
      message: expect.stringContaining('cancelled by the caller'),
    });
    expect(await ends).toEqual([
      { status: 'rejected', reason: called },
      { status: 'rejected', reason: called },
    ]);
    expect(askedPrograms()).toEqual([]);
    await expect(checkConfigText(YAML, 'x', { signal: caller.signal })).rejects.toMatchObject({
      message: expect.stringContaining('cancelled by the caller'),
    });
  });

  it('waits for its turn while two of them are at it', async ({ site }) => {
    site.hold();
    const { pages: _, ...question } = hangingQuestion();
    const live = { ...question, yaml: YAML.replace('http://127.0.0.1:9/', site.url) };
    const answers = Promise.all([live, live, live].map((asked) => testConfigText(asked)));
    await waitFor('two of them to ask for the page', () => site.hits() === 2);
    expect(askedPrograms()).toHaveLength(2);
    site.open();
    expect(await answers).toHaveLength(3);
    expect(site.hits()).toBe(3);
  });

  it('that dies under it is an error in words', async ({ site }) => {
    site.hold();
    const { pages: _, ...question } = hangingQuestion();
    const live = { ...question, yaml: YAML.replace('http://127.0.0.1:9/', site.url) };
    const end = expect(testConfigText(live)).rejects.toMatchObject({
      code: 'internal',
      message: 'hang.yaml: the program that reads configurations was ended by SIGKILL',
    });
    await waitFor('the page to be asked for', () => site.hits() === 1);
    for (const pid of askedPrograms()) sendSignal({ pid }, 'SIGKILL');
    await end;
  });

  it('answers in time with what it has while a site is silent', async ({ site }) => {
    site.hold();
    const { pages: _, ...question } = hangingQuestion();
    const live = { ...question, yaml: YAML.replace('http://127.0.0.1:9/', site.url) };
    expect(await testConfigText(live, { limitMs: 15_000 })).toMatchObject({
      pages: 0,
      error: {
        kind: 'timeout',
        message: expect.stringContaining('stopped after 13.5 s'),
        hint: expect.any(String),
      },
    });
  });
});
