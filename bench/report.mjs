import { cpus, totalmem } from 'node:os';
import { peerNames, productVersions, versionOf } from './peers.mjs';

/** What the figures were measured on. */
export function machine() {
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${memory} GB, ${process.platform} ${process.arch}`;
}

/** Node's version and that of each peer that is installed. */
export function versions() {
  const peers = peerNames().map((name) => [name, versionOf(name)]);
  return {
    node: process.version,
    ...productVersions(),
    ...Object.fromEntries(peers.filter(([, version]) => version !== undefined)),
  };
}

/** The rows of all suites, as `--json` has them: each says whether there is a budget, and whether it is met. */
export function everyRow(suites) {
  return suites.flatMap(({ name, rows }) =>
    rows.map((row) => ({ suite: name, ...row, budget: row.budget ?? null, met: row.met ?? null })),
  );
}

/** The rows as aligned columns, each suite under its name; below a row that misses its budget, why. */
export function table(suites) {
  const lines = suites.flatMap(({ rows }) => rows.map(cells));
  const widths = HEADINGS.map((heading, column) =>
    Math.max(heading.length, ...lines.map((line) => (column === PEERS ? 0 : line[column].length))),
  );
  const aligned = (line) =>
    line
      .map((cell, column) => (isFigure(column) ? cell.padStart(widths[column]) : cell.padEnd(widths[column])))
      .join('  ')
      .trimEnd();
  return [
    aligned(HEADINGS),
    ...suites.flatMap(({ name, seconds, rows }) => [
      '',
      `${name.toUpperCase()}${took(seconds)}`,
      ...rows.flatMap((row) => [
        aligned(cells(row)),
        ...(row.why && row.met === false ? [`    why: ${row.why}`] : []),
      ]),
    ]),
  ].join('\n');
}

/** One row, as soon as it is known. */
export function line(row) {
  return cells(row)
    .filter((cell) => cell !== '')
    .join('  ');
}

/** The same as tables of Markdown, for bench/README.md. */
export function markdown(suites) {
  return suites
    .map(({ name, seconds, rows }) => {
      const joined = (all) => `| ${all.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
      const rule = joined(HEADINGS.map((_, column) => (isFigure(column) ? '--:' : '---')));
      const missed = rows
        .filter((row) => row.why && row.met === false)
        .map((row) => `\n- **${row.name}**: ${row.why}`);
      return [
        `### ${name}${took(seconds)}\n`,
        joined(HEADINGS),
        rule,
        ...rows.map((row) => joined(cells(row))),
        ...missed,
      ].join('\n');
    })
    .join('\n\n');
}

function took(seconds) {
  return seconds === undefined ? '' : ` (${seconds} s)`;
}

/** How many budgets there are and how many of them are met: those of the design, and those that we have set ourselves. */
export function summary(suites) {
  const judged = suites.flatMap(({ rows }) => rows).filter(({ met }) => met !== undefined);
  const counts = Object.entries({ design: 'of the design’s budgets', own: 'of our own' }).flatMap(
    ([from, whose]) => {
      const all = judged.filter(({ budgetFrom }) => budgetFrom === from);
      return all.length === 0 ? [] : [`${whose} ${counted(all)}`];
    },
  );
  return counts.length === 0 ? 'no budget here' : counts.join('; ');
}

function counted(all) {
  const met = all.filter((row) => row.met).length;
  const unknown = all.filter((row) => row.met === null).length;
  return `${met} of ${all.length} met${unknown === 0 ? '' : `, ${unknown} not measured`}`;
}

const HEADINGS = ['what', 'ours', 'unit', 'ratio', 'to', 'budget', 'verdict', 'beside'];
const PEERS = HEADINGS.indexOf('beside');

function isFigure(column) {
  return ['ours', 'ratio', 'budget'].includes(HEADINGS[column]);
}

function cells(row) {
  const { name, ours, spread, unit, peers, without = [], ratio, ratioTo } = row;
  return [
    name,
    ours === null ? '' : `${figure(ours)}${within(spread)}`,
    unit,
    ratio === undefined ? '' : figure(ratio),
    ratioTo ?? '',
    budget(row),
    verdict(row),
    [...peers.map((peer) => beside(peer, unit)), ...without].join('; '),
  ];
}

/** Its unit stands with a figure that is not in the row's. */
function beside({ name, value, spread, unit, isAhead }, ours) {
  const own = unit === undefined || unit === ours ? '' : ` ${unit}`;
  return `${name} ${figure(value)}${within(spread)}${own}${isAhead ? ', ahead of ours' : ''}`;
}

/** Of the ratio, unless a unit stands with it: then of the row's own figure. */
function budget({ budget: least, budgetIs, budgetUnit, budgetFrom }) {
  if (least === undefined) return '';
  const sign = { 'at most': '≤ ', 'at least': '≥ ' }[budgetIs] ?? '';
  const own = budgetFrom === 'own' ? ' (own)' : '';
  return `${sign}${figure(least)}${budgetUnit === undefined ? '' : ` ${budgetUnit}`}${own}`;
}

/** Some figures are only shown. */
function verdict({ budget: least, met, missedBy, ours, unit }) {
  if (met === undefined) return '';
  if (met === null) return 'not measured';
  if (met) return 'met';
  if (least === 0) return `NOT MET by ${figure(ours)} ${unit}`;
  return missedBy === undefined ? 'NOT MET' : `NOT MET by ${percent(missedBy * 100)}`;
}

/** A miss of next to nothing is one, too. */
function percent(value) {
  if (value < 0.1) return 'less than 0.1 %';
  return `${figure(Number(value.toFixed(value < 10 ? 1 : 0)))} %`;
}

function figure(value) {
  return typeof value === 'number' ? value.toLocaleString('en', { maximumFractionDigits: 4 }) : String(value);
}

/** Between what the middle half of the figures lie. */
function within(spread) {
  const says = spread?.some((each) => each !== spread[0]);
  return !says ? '' : ` (${spread.map(figure).join('–')})`;
}
