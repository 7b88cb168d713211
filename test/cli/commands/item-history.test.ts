import { expect } from 'vitest';
import type { Workspace } from '../../../src/core/workspace.ts';
import { addRun } from '../../core/operations/add-run.ts';
import { it } from '../../extend.ts';
import { inProcess } from '../in-process.ts';

const CONFIG = `url: https://shop.example/
item: li
selectors: {id: .id, price: .price}
changes: {key: id}
history: price
`;

async function openShop(workspace: Workspace): Promise<void> {
  await workspace.configs.write('shop', CONFIG);
  const schedule = { type: 'daily', time: '09:00', timezone: 'UTC' };
  await workspace.jobs.create({ id: 'shop', fields: { config_name: 'shop', schedule } }, 'cli');
  for (const [at, price] of ['£20.00', '£15.00', '£25.00', '=1+1'].entries())
    addRun({ workspace }, `run${at}`, {
      job: 'shop',
      items: [{ id: 'lamp', price }, ...(at < 3 ? [{ id: '=cmd, "x"', price: 7 }] : [])],
    });
}

it('job item history shows what changed in all rows, or in one', async ({ home, workspace }) => {
  await openShop(workspace);
  const all = await inProcess(['job', 'item', 'history', 'shop', '--sort', 'fall'], home);
  expect(all.code).toBe(0);
  expect(all.stdout.split('\n').map((line) => line.replaceAll(/ +/g, ' '))).toEqual([
    'id FIELD BEFORE VALUE CHANGE SINCE RUN',
    expect.stringMatching(/^lamp price £20\.00 £15\.00 -25 % 1970-01-01 00:00 UTC run1$/),
    '',
  ]);
  const one = await inProcess(['job', 'item', 'history', 'shop', 'lamp', '--limit', '2'], home);
  expect(one.stdout).toContain('=1+1');
  expect(one.stderr).toMatch(/price: =1\+1 since .*, lowest £15\.00 .*, highest £25\.00 .*; 4 values\./);
  expect(one.stderr).toContain('2 older values; raise --limit to see them.');
  const gone = await inProcess(['job', 'item', 'history', 'shop', '=cmd, "x"'], home);
  expect(gone.stdout).toContain('(gone)');
  expect(gone.stderr).toContain('The last run had no such row.');
});

it('--csv prints all values, and nothing that a spreadsheet would run', async ({ home, workspace }) => {
  await openShop(workspace);
  const { stdout } = await inProcess(['job', 'item', 'history', 'shop', '--csv'], home);
  const [header, ...lines] = stdout.trimEnd().split('\n');
  expect(header).toBe('id,field,at,value,gone,run_id');
  expect(lines).toHaveLength(6);
  expect(lines).toContainEqual(expect.stringMatching(/^lamp,price,1970-[^,]+,'=1\+1,false,run3$/));
  expect(lines).toContainEqual(expect.stringMatching(/^"'=cmd, ""x""",price,1970-[^,]+,,true,run3$/));
});

it('--chart draws the curve of a row, with ASCII alone where nothing else can be shown', async ({
  home,
  workspace,
}) => {
  await openShop(workspace);
  const { stdout } = await inProcess(['job', 'item', 'history', 'shop', 'lamp', '--chart'], home);
  const lines = stdout.trimEnd().split('\n');
  expect(lines[0]).toBe('price');
  expect(lines[1]).toMatch(/^£25\.00 ┤/);
  expect(lines[10]).toMatch(/^£15\.00 ┤/);
  expect(lines[11]).toMatch(/^ {7}└─+$/);
  expect(lines[12]).toMatch(/^ +1970-01-01 +now$/);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
  process.env['QUICKSCRAPE_ASCII'] = '1';
  try {
    const plain = await inProcess(['job', 'item', 'history', 'shop', 'lamp', '--chart'], home);
    expect(plain.stdout.replaceAll('£', '')).toMatch(/^[\x20-\x7e\n]+$/);
  } finally {
    delete process.env['QUICKSCRAPE_ASCII'];
  }
});

it('an unknown key is answered with near ones', async ({ home, workspace }) => {
  await openShop(workspace);
  const { code, stderr } = await inProcess(['job', 'item', 'history', 'shop', 'lmap'], home);
  expect(code).toBe(2);
  expect(stderr).toContain('Did you mean lamp?');
});
