import { readFileSync } from 'node:fs';
import { describe, expect, onTestFinished } from 'vitest';
import type { ConfigAccess } from '../../../src/core/configs/config-access.ts';
import { QuickscrapeError } from '../../../src/core/lib/errors.ts';
import { DEFAULT_POLICY } from '../../../src/rpc/access/policy.ts';
import { Session } from '../../../src/rpc/access/session.ts';
import { Site } from '../../scrape/site.ts';
import { it, refusal } from './open-home.ts';

const TEXT = `# mine
url: "https://shop.example/" # the start
item: li
selectors:
  title: h3
  price: { selector: .price, type: price } # in pounds
`;
const NAME = { config_name: 'shop' };

describe('changes in place of a whole text', () => {
  it('are saved in the stored text: the rest stays, and the answer is the difference', async ({
    workspace,
    call,
  }) => {
    await workspace.configs.write('shop', TEXT);
    const { revision } = workspace.configs.read('shop');
    const changes = { 'selectors.price': '.amount', 'selectors.link': { selector: 'a', attribute: 'href' } };
    const dry = await call('save_config', { ...NAME, changes, dry_run: true });
    expect(workspace.configs.read('shop').yaml).toBe(TEXT);
    const saved = await call('save_config', { ...NAME, changes, if_revision: revision });
    expect(saved).toMatchObject({ created: false, changed: true, revision: dry.revision, diff: dry.diff });
    expect(saved.diff).toEqual([
      '- price: { selector: .price, type: price } # in pounds',
      '+ price: { selector: .amount, type: price } # in pounds',
      '+ link: { selector: a, attribute: href }',
    ]);
    expect(readFileSync(saved.file, 'utf8')).toBe(
      `${TEXT.replace('.price,', '.amount,')}  link: { selector: a, attribute: href }\n`,
    );
    // The same again changes nothing, but for a text of another revision nothing is decided.
    expect(await call('save_config', { ...NAME, changes })).toMatchObject({ changed: false, diff: [] });
    expect(await refusal(call('save_config', { ...NAME, changes, if_revision: revision }))).toMatchObject({
      code: 'conflict',
      field: 'if_revision',
    });
  });

  it('come as a list of names and texts, too', async ({ workspace, call }) => {
    await workspace.configs.write('shop', TEXT);
    const changes = [
      { name: 'selectors.price', value: '{"selector":".p","attribute":"content"}' },
      { name: 'pagination', value: '{"type":"next_button","selector":"a.next","max_pages":3}' },
      { name: 'pagination.max_pages', value: '5' },
      { name: 'item', value: 'null' },
    ] as never;
    await call('save_config', { ...NAME, changes });
    expect(workspace.configs.read('shop').yaml).toBe(
      TEXT.replace('item: li\n', '').replace(
        '{ selector: .price, type: price } # in pounds\n',
        '{ selector: .p, attribute: content } # in pounds\npagination: { type: next_button, selector: a.next, max_pages: 5 }\n',
      ),
    );
    const twice = [changes[0], changes[0]] as never;
    for (const wrong of [twice, [{ name: 'a' }], {}, { a: ['b'] }, { '': 'x' }] as never[])
      expect(await refusal(call('save_config', { ...NAME, changes: wrong }))).toMatchObject({
        code: 'invalid_params',
        field: expect.stringMatching(/^changes/),
      });
  });

  it('are tried on the site, and the stored text stays', async ({ workspace, call }) => {
    const site = await Site.start();
    onTestFinished(() => site.stop());
    site.html('/', '<ul><li><b>A</b></li><li><b>B</b></li></ul>');
    await workspace.configs.write('shop', TEXT.replace('https://shop.example/', site.url('/')));
    const { yaml } = workspace.configs.read('shop');
    const changes = { 'selectors.title': 'b', 'selectors.price': null };
    const tried = await call('test_config', { ...NAME, changes });
    expect(tried).toMatchObject({
      config_name: 'shop',
      error: null,
      sample: [{ title: 'A' }, { title: 'B' }],
    });
    expect(workspace.configs.read('shop').yaml).toBe(yaml);
  });

  it('are refused with what is wrong and what there is', async ({ workspace, call }) => {
    await workspace.configs.write('shop', TEXT);
    const changes = { 'selectors.price': '.amount' };
    const both = { ...NAME, yaml: TEXT, changes };
    for (const tried of [call('test_config', both), call('save_config', both)])
      expect(await refusal(tried)).toMatchObject({ code: 'invalid_params', field: 'changes' });
    expect(await refusal(call('test_config', { changes }))).toMatchObject({ field: 'config_name' });
    expect(await refusal(call('save_config', { ...NAME }))).toMatchObject({ field: 'yaml' });
    for (const name of ['test_config', 'save_config'] as const) {
      expect(await refusal(call(name, { config_name: 'shops', changes }))).toMatchObject({
        code: 'config_not_found',
      });
      expect(await refusal(call(name, { ...NAME, changes: { 'selectors.prise': null } }))).toMatchObject({
        code: 'invalid_params',
        hint: expect.stringContaining('selectors.price'),
      });
      const unknown = { ...NAME, changes: { 'pagination.selectr': 'a', 'pagination.type': 'next_button' } };
      expect(await refusal(call(name, unknown))).toMatchObject({
        code: 'invalid_config',
        field: 'changes',
        issues: expect.arrayContaining([expect.objectContaining({ path: 'pagination.selectr' })]),
      });
    }
    expect(workspace.configs.read('shop').yaml).toBe(TEXT);
  });

  it('are not made in a text that somebody saves meanwhile', async ({ workspace, call }) => {
    await workspace.configs.write('shop', TEXT);
    const hand = `${TEXT}# by hand\n`;
    const reviewConfig = () => workspace.configs.write('shop', hand);
    const changes = { 'selectors.price': '.amount' };
    const context = { reviewConfig: () => void reviewConfig() };
    expect(await refusal(call('save_config', { ...NAME, changes }, context))).toMatchObject({
      code: 'conflict',
    });
    expect(workspace.configs.read('shop').yaml).toBe(hand);
  });
});

describe('what changes reach is reviewed as a whole text is', () => {
  it('the review sees the facts of exactly the text that is stored', async ({ workspace, call }) => {
    await workspace.configs.write('shop', TEXT);
    const seen: ConfigAccess[] = [];
    const context = {
      reviewConfig(facts: ConfigAccess) {
        seen.push(facts);
        throw new QuickscrapeError('not_allowed', 'no');
      },
    };
    const changes = { url: 'http://10.0.0.9/', 'headers.Authorization': 'Bearer ${TOKEN}' };
    for (const name of ['test_config', 'save_config'] as const)
      expect(await refusal(call(name, { ...NAME, changes }, context))).toMatchObject({ code: 'not_allowed' });
    for (const facts of seen)
      expect(facts).toMatchObject({
        privateHosts: expect.arrayContaining(['10.0.0.9:80']),
        variables: ['TOKEN'],
        addresses: ['http://10.0.0.9/'],
      });
    expect(seen).toHaveLength(2);
    expect(workspace.configs.read('shop').yaml).toBe(TEXT);
  });

  it.for([
    [{ url: 'https://evil.example/' }, /KEY/],
    [{ 'selectors.k': { selector: 'a', attribute: 'href' }, 'headers.X': '${OTHER}' }, /OTHER/],
    [{ 'headers.Host': 'admin' }, /Host/],
    [{ 'output.path': '/etc/x.csv' }, /output/],
  ] as const)('a server refuses %j', async ([changes, said], { workspace }) => {
    await workspace.configs.write('shop', `${TEXT}headers: { X-Key: "\${KEY}" }\n`);
    const session = await Session.open(workspace, { face: 'mcp', policy: DEFAULT_POLICY, log: () => {} });
    const refused = await refusal(session.call('save_config', { ...NAME, changes }));
    expect(refused.code).toBe('not_allowed');
    expect(`${refused.message} ${refused.hint}`).toMatch(said);
  });

  it('a server lets a selector of a text with variables be changed, and hides their values from it', async ({
    workspace,
  }) => {
    await workspace.configs.write('shop', `${TEXT}headers: { X-Key: "\${KEY}" }\n`);
    const session = await Session.open(workspace, { face: 'mcp', policy: DEFAULT_POLICY, log: () => {} });
    const saved = await session.call('save_config', { ...NAME, changes: { 'selectors.title': 'h2' } });
    expect(saved).toMatchObject({ changed: true, diff: ['- title: h3', '+ title: h2'] });
    expect(JSON.stringify(saved['warnings'])).toContain('runs of this text see ${KEY}');
  });
});
