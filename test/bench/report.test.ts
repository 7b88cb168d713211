import { describe, expect, it } from 'vitest';

// Plain modules outside the typed program.
const bench = (file: string) => import(new URL(`../../bench/${file}`, import.meta.url).href);
const { markdown, summary, table } = await bench('report.mjs');
const { spreadOf } = await bench('rounds.mjs');

const OPENED = {
  name: 'open a store',
  ours: 1234.56789,
  spread: [1200, 1300],
  unit: 'ms',
  peers: [{ name: 'the floor', value: 900, spread: [900, 900] }],
  ratio: 1.37,
  budget: 2,
  met: true,
  why: 'nobody asks',
};
const SLOW = { ...OPENED, name: 'get a job', ratio: 0.5, budget: 0.8, met: false, why: 'it looks' };
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
      /1,234\.5679 \(1,200–1,300\) +ms +1\.37 +2 +met +the floor 900$/,
    );
  });

  it('has no verdict where there is no budget', () => {
    expect(lines.find((line) => line.startsWith('memory'))).toMatch(/^memory +12 +MB$/);
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
    expect(text).toContain('| a \\| b | 1,234.5679 (1,200–1,300) | ms | 0.5 | 0.8 | NOT MET |');
    expect(text).toContain('- **a | b**: it looks');
  });

  it('ends with how many budgets are met', () => {
    expect(summary(SUITES)).toBe('1 of 2 budgets met');
  });
});

describe('the spread of figures', () => {
  it('is their median, with the quarter and three quarters of them in order', () => {
    expect(spreadOf([9, 1, 5, 7, 3])).toEqual({ median: 5, spread: [3, 7] });
    expect(spreadOf([4])).toEqual({ median: 4, spread: [4, 4] });
  });
});
