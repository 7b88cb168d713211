import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { bookshopConfig } from '../../../src/sandbox/config.ts';
import { it } from '../../extend.ts';
import { openChangingShop } from '../../sandbox/changing-shop.ts';
import { openTempWorkspace } from '../../temp-workspace.ts';
import { connect } from './mcp-clients.ts';

const PAGE = fileURLToPath(new URL('../../../docs/how-to/assistants.md', import.meta.url));

/** A call of the worked session, and the text that answers it. */
interface Said {
  name: string;
  answer: string;
}

function sessionOf(page: string): Said[] {
  return [...page.matchAll(/```text\n(.*?)```/gs)].flatMap(([, block = '']) =>
    [...block.matchAll(/^(\w+) \{.*\n((?: {2}.*\n?)+)/gm)].map(([, name = '', answer = '']) => ({
      name,
      answer: inOneLine(answer.replace(/^ {2}\(.*\)$/m, '')),
    })),
  );
}

function inOneLine(text: string): string {
  return text.split(/\s+/).join(' ').trim();
}

/** The text with any instant, run and revision in place of those that stand there, and anything for an ellipsis. */
function pattern(answer: string): RegExp {
  const escaped = answer.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(
    `^${escaped
      .replace(/\d{4}-\d{2}-\d{2}T\d{2}:/g, '\\d{4}-\\d{2}-\\d{2}T\\d{2}:')
      .replace(/Run \w{10} /g, 'Run \\w+ ')
      .replace(/revision \w+…/g, 'revision \\w+\\.?')
      .replaceAll('…', '.*')}$`,
  );
}

it('the session in docs/how-to/assistants.md goes as it says', async ({ home }) => {
  const said = sessionOf(readFileSync(PAGE, 'utf8'));
  const shop = await openChangingShop();
  const workspace = openTempWorkspace({ home, actor: 'cli' });
  const yaml = bookshopConfig(shop.url).replace('max_pages: 100', 'max_pages: 2');
  await workspace.configs.write('books', yaml);
  const client = await connect('auto', home, { flags: ['--allow-private-hosts', '127.0.0.1'] });
  const asked: string[] = [];
  const say = async (name: string, params: Record<string, unknown>) => {
    const next = said[asked.length];
    asked.push(name);
    const { text, data } = await client.call(name, params);
    expect(inOneLine(text)).toMatch(pattern(next?.answer ?? ''));
    return data;
  };

  const schedule = { type: 'daily', time: '09:00', timezone: 'Europe/Berlin' };
  const job = { job_id: 'books-daily', config_name: 'books', schedule };
  await say('list_configs', {});
  await say('preview_schedule', { schedule, count: 2 });
  await say('create_job', { ...job, on_success: 'notify-send done' });
  await say('create_job', job);
  await say('get_scheduler', {});

  const run = { job_id: 'books-daily', wait_seconds: 50 };
  await client.call('run_job', run);
  await shop.change((html) => html.replaceAll('price_color', 'amount'));
  const { run: broken } = (await client.call('run_job', run)).data as { run: { run_id: string } };
  const { changes, next } = await say('explain_run', { run_id: broken.run_id });
  expect(changes).toEqual([{ name: 'selectors.price', value: '.amount' }]);
  const [test, save] = next as { params: Record<string, unknown> }[];
  const { matches } = await say('test_config', { ...test?.params });
  expect((matches as { part: string }[]).filter(({ part }) => part === 'field')).toEqual(
    ['title', 'price', 'rating', 'availability', 'link'].map((field) =>
      expect.objectContaining({ field, matched: 20 }),
    ),
  );
  const { diff } = await say('save_config', { ...save?.params, changes });
  expect(diff).toEqual(['- price: .product_price .price_color', '+ price: .amount']);
  const { run: last } = (await say('run_job', run)) as { run: { run_id: string } };
  await say('compare_runs', { run_id: last.run_id, key: 'link' });
  expect(asked).toEqual(said.map(({ name }) => name));
});
