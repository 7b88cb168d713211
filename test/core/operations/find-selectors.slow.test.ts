import { describe, expect, it } from 'vitest';
import { callOperation } from '../../../src/core/operations/call-operation.ts';
import { runWithPages } from './kept-page.ts';
import { openHome, refusal } from './open-home.ts';

function list(rows: readonly string[]): string {
  return `<ul class="list">${rows.map((row) => `<li class="entry">${row}</li>`).join('')}</ul>`;
}

const ROWS = [1, 2, 3, 4].map((n) => `<b class="name">Book ${n}</b> <i class="price">£${n}1.77</i>`);
const PAGE = list(ROWS);

describe('find_selectors', () => {
  it('finds them on the page that a run kept, and says on how many earlier pages of its job they hold', async () => {
    const { workspace } = await openHome();
    const day = 86_400_000;
    runWithPages(workspace, [{ body: PAGE.replaceAll('price', 'cost') }], Date.now() - 2 * day);
    runWithPages(workspace, [{ body: PAGE }], Date.now() - day);
    const run_id = runWithPages(workspace, [{ body: PAGE }]);
    const examples = [
      { name: 'title', value: 'Book 2' },
      { name: 'price', value: '21.77' },
    ];
    const answer = await callOperation(workspace, 'find_selectors', { run_id, examples });
    expect(answer).toMatchObject({
      source: 'kept page',
      item: { selector: 'li.entry', count: 4, holds_on: '2 of 2' },
      yaml: `url: "https://shop.example/1"
item: li.entry
selectors:
  title: .name
  price:
    selector: i
    type: number
`,
    });
    expect(answer.fields[1]?.candidates[0]).toMatchObject({
      selector: 'i',
      filled_percent: 100,
      holds_on: '2 of 2',
    });
    const tried = await callOperation(workspace, 'test_config', { yaml: answer.yaml ?? '', run_id });
    expect(tried).toMatchObject({ items: 4, error: null, warnings: [] });
    expect(tried.sample[1]).toEqual({ title: 'Book 2', price: 21.77 });
  });

  it('takes a map of examples, and says of each that is nowhere what is like it', async () => {
    const { workspace } = await openHome();
    const run_id = runWithPages(workspace, [{ body: `${PAGE}<p>\u001b[2JBook \u202e9</p>` }]);
    const answer = await callOperation(workspace, 'find_selectors', {
      run_id,
      examples: { title: 'Buch 2', price: 31.77, nothing: 'kwyjibo' },
    });
    expect(
      answer.fields.map(({ name, problem, nearest }) => [name, problem === undefined, nearest?.[0]]),
    ).toEqual([
      ['title', false, 'Book 2'],
      ['price', true, undefined],
      ['nothing', false, undefined],
    ]);
    const none = await callOperation(workspace, 'find_selectors', { run_id, examples: { title: 'Book 9!' } });
    expect(none).toMatchObject({ item: null, yaml: null });
    // What is promised is there.
    const unlike = { examples: { title: '漢字仮名' } };
    const [nothing] = (await callOperation(workspace, 'find_selectors', { run_id, ...unlike })).fields;
    expect(nothing).not.toHaveProperty('nearest');
    expect(nothing?.problem).toMatch(/^Nothing on the page holds it or is like it: look with get_page/);
    expect(JSON.stringify(none)).not.toMatch(/\\u001b|\u202e/);
  });

  it.each([
    ['no example', {}, /there are none/],
    ['an empty one', { title: ' ' }, /"title" is empty/],
    ['one of 10 KB', { title: 'x'.repeat(10_000) }, /has 10000 characters, and may have 2000/],
    ['fifty', Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`f${n}`, 'x'])), /there are 50/],
    ['a name that is none', { 'a\nb': 'x' }, /is no name/],
    ['a variable as a name', { '${HOME}': 'x' }, /is no name/],
    [
      'a name twice',
      [
        { name: 'a', value: '1' },
        { name: 'a ', value: '2' },
      ],
      /is there twice/,
    ],
  ])('refuses %s, and says what to give', async (_, examples, message) => {
    const { workspace } = await openHome();
    const run_id = runWithPages(workspace, [{ body: PAGE }]);
    const error = await refusal(
      callOperation(workspace, 'find_selectors', { run_id, examples: examples as never }),
    );
    expect(error).toMatchObject({ code: 'invalid_params', field: 'examples' });
    expect(error.message).toMatch(message);
    expect(error.hint).toBeTruthy();
  });
});

describe('propose_config', () => {
  it('writes the whole configuration of a kept page, and that of another choice', async () => {
    const { workspace } = await openHome();
    const others = [1, 2, 3, 4, 5].map((n) => `<tr><td>Row ${n}</td><td>${n} kg of it</td></tr>`).join('');
    const run_id = runWithPages(workspace, [
      { body: `${PAGE}<table>${others}</table><a rel="next" href="/2">next</a>` },
    ]);
    const first = await callOperation(workspace, 'propose_config', { run_id });
    expect(first).toMatchObject({
      url: 'https://shop.example/1',
      next_page: 'a[rel~="next"]',
      backend: 'requests',
    });
    const at = first.choices.findIndex(({ item }) => item === 'li.entry');
    expect(first.choices[at]).toMatchObject({
      count: 4,
      fields: expect.arrayContaining([{ name: 'price', sample: '£11.77' }]),
    });
    const { yaml } = await callOperation(workspace, 'propose_config', { run_id, choice: at + 1 });
    const tried = await callOperation(workspace, 'test_config', { yaml: yaml ?? '', run_id });
    expect(tried).toMatchObject({ items: 4, error: null });
    const saved = await callOperation(workspace, 'save_config', {
      config_name: 'new',
      yaml: yaml ?? '',
      dry_run: true,
    });
    expect(saved.warnings).toEqual([]);
    expect(await refusal(callOperation(workspace, 'propose_config', { run_id, choice: 5 }))).toMatchObject({
      code: 'invalid_params',
      field: 'choice',
    });
  });

  it('says what to do with a page on which nothing repeats, and shows the grammar without a page', async () => {
    const { workspace } = await openHome();
    const run_id = runWithPages(workspace, [{ body: '<h1>One thing</h1><p>Only a text.</p>' }]);
    const error = await refusal(callOperation(workspace, 'propose_config', { run_id }));
    expect(error).toMatchObject({
      code: 'invalid_params',
      field: 'run_id',
      message: expect.stringContaining('nothing repeats'),
    });
    expect(error.hint).toContain('find_selectors');
    const { yaml, grammar } = await callOperation(workspace, 'propose_config', { grammar: true });
    expect(yaml).toBeNull();
    expect(grammar).toContain('pagination:');
  });
});
