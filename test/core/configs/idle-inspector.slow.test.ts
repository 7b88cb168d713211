import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { showPage } from '../../../src/core/configs/scraper-client.ts';
import { programFile } from '../../../src/core/lib/program.ts';
import { listProcesses } from '../../../src/core/process/process-table.ts';
import { it } from '../../extend.ts';
import { lacks } from '../../platform.ts';
import { sendSignal } from '../../send-signal.ts';
import { waitFor } from '../../wait-for.ts';

const SECRET = 'S3cr3tK3y-4711';
const ROWS = Array.from({ length: 4 }, (_, at) => `<li class="book"><a href="/${at}">Book ${at}</a></li>`);

/** The inspectors that stay, which this process has started. */
function idleInspectors(): number[] {
  return listProcesses().flatMap(({ pid, parent }) => {
    if (parent !== process.pid) return [];
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    return command.includes(programFile('config')) && command.includes('--stay') ? [pid] : [];
  });
}

function keptPage(home: string, html: string) {
  const file = join(home, 'kept.html');
  writeFileSync(file, html);
  const page = { from: 'kept' as const, file, url: 'https://a.example/', content_type: 'text/html' };
  return { page, name: 'kept', home, as: 'outline' as const, max_bytes: 5_000 };
}

/** A selector that is busy for hours on a page of many elements. */
const ENDLESS = `b${' ~ i'.repeat(6)}`;

describe.skipIf(lacks('linux'))('the inspector that stays', () => {
  it('answers the next questions about kept pages, as a new one would', async ({ home }) => {
    const question = keptPage(home, `<h1>Books</h1><ul>${ROWS.join('')}</ul>`);
    const first = await showPage(question);
    const [pid] = idleInspectors();
    const text = await showPage({ ...question, as: 'text' });
    const near = await showPage({ ...question, near: 'Book 2' });
    expect(await showPage(question)).toEqual(first);
    expect(idleInspectors()).toEqual([pid]);
    sendSignal({ pid: pid ?? 0 }, 'SIGKILL');
    expect(await showPage({ ...question, as: 'text' })).toEqual({
      ...text,
      fetched_at: expect.any(Number),
    });
    expect(await showPage({ ...question, near: 'Book 2' })).toEqual({
      ...near,
      fetched_at: expect.any(Number),
    });
  });

  it('shows no value of a secret that another question was allowed to see', async ({ home }) => {
    const question = keptPage(home, `<p>${SECRET}</p><p>another-value-12</p>`);
    const show = async (conceal?: object) =>
      (await showPage({ ...question, as: 'text', ...(conceal && { conceal }) })).content;
    expect(await show()).toContain(SECRET);
    expect(await show({ variables: [] })).toContain(SECRET);
    writeFileSync(join(home, 'secrets.env'), `KEY=${SECRET}\n`);
    expect(await show({ variables: [] })).not.toContain(SECRET);
    expect(await show({ variables: [] })).toContain('another-value-12');
    writeFileSync(join(home, 'secrets.env'), `KEY=${SECRET}\nOTHER=another-value-12\n`);
    expect(await show({ variables: [] })).not.toMatch(/S3cr3t|another-value/);
    expect(idleInspectors()).toHaveLength(1);
  });

  it('is ended by a selector that hangs, and by a page that cannot be read', async ({ home }) => {
    const question = { ...keptPage(home, '<i></i>'.repeat(20_000)), as: 'text' as const };
    await showPage(question);
    expect(idleInspectors()).toHaveLength(1);
    await expect(showPage({ ...question, near: ENDLESS }, { limitMs: 1_500 })).rejects.toMatchObject({
      message: 'kept was not shown within 1.5 s, and was ended',
    });
    expect(idleInspectors()).toEqual([]);
    const unreadable = keptPage(home, '<div>'.repeat(100_000));
    await expect(showPage(unreadable)).rejects.toMatchObject({ code: 'invalid_params' });
    await waitFor('it to be gone', () => idleInspectors().length === 0);
  });

  it('answers a question that names nothing on the page, and stays', async ({ home }) => {
    const question = keptPage(home, '<h1>Books</h1>');
    await expect(showPage({ ...question, near: 'nowhere at all' })).rejects.toMatchObject({
      code: 'invalid_params',
    });
    await waitFor('it to be free', () => idleInspectors().length === 1);
    expect(await showPage({ ...question, as: 'text' })).toMatchObject({ content: '# Books' });
  });
});
