import { describe, expect, it } from 'vitest';

// Plain modules outside the typed program.
const bench = (file: string) => import(new URL(`../../bench/${file}`, import.meta.url).href);
const { everyRow, markdown, summary, table } = await bench('report.mjs');
const { spreadOf } = await bench('rounds.mjs');

const OPENED = {
  name: 'open a store',
  ours: 1234.56789,
  spread: [1200, 1300],
  unit: 'ms',
  peers: [{ name: 'the floor', value: 900, spread: [900, 900] }],
  ratio: 1.37,
  ratioTo: 'the floor',
  budget: 2,
  budgetIs: 'at most',
  budgetFrom: 'own',
  met: true,
  why: 'nobody asks',
};
const SLOW = {
  ...OPENED,
  name: 'get a job',
  ratio: 0.5,
  budget: 0.8,
  budgetIs: 'at least',
  budgetFrom: 'design',
  met: false,
  missedBy: 0.375,
  why: 'it looks',
};
const SHOWN = { name: 'memory', ours: 12, unit: 'MB', peers: [] };
const SUITES = [
  { name: 'store', rows: [OPENED, SHOWN] },
  { name: 'mcp', rows: [SLOW] },
];

describe('the table of a bench', () => {
  const lines: string[] = table(SUITES).split('\n');

  it('has each suite under its name', () => {
    expect(lines.indexOf('STORE')).toBeLessThan(lines.findIndex((line) => line.startsWith('open a store')));
    expect(lines.indexOf('MCP')).toBeLessThan(lines.findIndex((line) => line.startsWith('get a job')));
  });

  it('shows medians, and between what the middle half lay where it is a range', () => {
    expect(lines.find((line) => line.startsWith('open a store'))).toMatch(
      /1,234\.5679 \(1,200–1,300\) +ms +1\.37 +the floor +≤ 2 \(own\) +met +the floor 900$/,
    );
  });

  it('has no verdict where there is no budget', () => {
    expect(lines.find((line) => line.startsWith('memory'))).toMatch(/^memory +12 +MB$/);
  });

  it('says by how much a budget is missed', () => {
    const shown = (row: object) => table([{ name: 'mcp', rows: [{ ...SLOW, ...row }] }]).split('\n')[3];
    expect(shown({})).toMatch(/≥ 0\.8 +NOT MET by 38 % /);
    expect(shown({ missedBy: 0.0166 })).toContain('NOT MET by 1.7 %');
    expect(shown({ missedBy: 0.00016 })).toContain('NOT MET by less than 0.1 %');
    const none = { ours: 3, spread: [3, 3], unit: 'clears', budget: 0, budgetUnit: 'clears' };
    expect(shown({ ...none, budgetIs: 'at most', missedBy: undefined })).toMatch(
      /≤ 0 clears +NOT MET by 3 clears/,
    );
  });

  it('gives a value its unit when it differs from the row’s, and says which side is faster', () => {
    const peers = [
      { name: '100 jobs', value: 3, unit: 'ms' },
      { name: '1,000 jobs', value: 30, unit: 's' },
      { name: 'a faster one', value: 2, spread: [1, 2], isAhead: true },
    ];
    expect(table([{ name: 'store', rows: [{ ...OPENED, peers }] }])).toContain(
      '100 jobs 3; 1,000 jobs 30 s; a faster one 2 (1–2), ahead of ours',
    );
  });

  it('says why below what misses its budget, and nowhere else', () => {
    const at = lines.findIndex((line) => line.startsWith('get a job'));
    expect(lines[at]).toContain('NOT MET');
    expect(lines[at + 1]).toBe('    why: it looks');
    expect(lines.filter((line) => line.includes('why:'))).toHaveLength(1);
    const unjudged = { ...SHOWN, why: 'nobody asks' };
    expect(table([{ name: 'store', rows: [unjudged] }])).not.toContain('why:');
  });

  it('can be Markdown, in which no text breaks a cell', () => {
    const piped = { ...SLOW, name: 'a | b' };
    const text = markdown([{ name: 'mcp', rows: [piped] }]);
    expect(text).toContain('### mcp');
    expect(text).toContain(
      '| a \\| b | 1,234.5679 (1,200–1,300) | ms | 0.5 | the floor | ≥ 0.8 | NOT MET by 38 % |',
    );
    expect(text).toContain('- **a | b**: it looks');
  });

  it('says what is missing where nothing could be measured', () => {
    const { missedBy: _, ...asked } = SLOW;
    const unknown = { ...asked, ours: null, spread: undefined, peers: [], ratio: undefined, met: null };
    const row = { ...unknown, ratioTo: undefined, without: ['redis: not measured: apt-get install redis'] };
    expect(table([{ name: 'mcp', rows: [row] }]).split('\n')[3]).toMatch(
      /^get a job +ms +≥ 0\.8 +not measured +redis: not measured: apt-get install redis$/,
    );
  });

  it('ends with how many budgets are met, those of the design apart from our own', () => {
    expect(summary(SUITES)).toBe('of the design’s budgets 0 of 1 met; of our own 1 of 1 met');
    const unknown = { ...SLOW, met: null };
    expect(summary([{ name: 'mcp', rows: [SLOW, unknown] }])).toBe(
      'of the design’s budgets 0 of 2 met, 1 not measured',
    );
    expect(summary([{ name: 'mcp', rows: [SHOWN] }])).toBe('no budget here');
  });
});

describe('every row of a bench', () => {
  it('says of which suite it is, whether it has a budget, and whether that is met', () => {
    const unknown = { ...SLOW, name: 'list jobs', ours: null, met: null };
    const rows = everyRow([...SUITES, { name: 'rpc', rows: [unknown] }]);
    expect(rows).toMatchObject([
      { suite: 'store', name: OPENED.name, ours: OPENED.ours, budget: 2, met: true },
      { suite: 'store', name: SHOWN.name, budget: null, met: null },
      { suite: 'mcp', name: SLOW.name, budget: 0.8, met: false },
      { suite: 'rpc', name: 'list jobs', budget: 0.8, met: null },
    ]);
  });
});

describe('the spread of figures', () => {
  it('is their median, with the quarter and three quarters of them in order', () => {
    expect(spreadOf([9, 1, 5, 7, 3])).toEqual({ median: 5, spread: [3, 7] });
    expect(spreadOf([9, 1, 5])).toEqual({ median: 5, spread: [1, 9] });
    expect(spreadOf([4])).toEqual({ median: 4, spread: [4, 4] });
    // Of few, none of which is left out on one side only.
    expect(spreadOf([3, 1, 2])).toEqual({ median: 2, spread: [1, 3] });
    expect(spreadOf([1, 2])).toEqual({ median: 1.5, spread: [1, 2] });
  });
});
