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

/** The same as tables of Markdown, for docs/performance.md and the README. */
export function markdown(suites) {
  return suites
    .map(({ name, seconds, rows }) => {
      const line = (all) => `| ${all.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
      const rule = line(HEADINGS.map((_, column) => (isFigure(column) ? '--:' : '---')));
      const missed = rows
        .filter((row) => row.why && row.met === false)
        .map((row) => `\n- **${row.name}**: ${row.why}`);
      return [
        `### ${name}${took(seconds)}\n`,
        line(HEADINGS),
        rule,
        ...rows.map((row) => line(cells(row))),
        ...missed,
      ].join('\n');
    })
    .join('\n\n');
}

function took(seconds) {
  return seconds === undefined ? '' : ` (${seconds} s)`;
}

/** How many rows have a budget, and how many of them meet it. */
export function summary(suites) {
  const judged = suites.flatMap(({ rows }) => rows).filter(({ met }) => met !== undefined);
  const met = judged.filter((row) => row.met).length;
  return `${met} of ${judged.length} budgets met`;
}

const HEADINGS = ['what', 'ours', 'unit', 'ratio', 'budget', 'verdict', 'beside'];
const PEERS = HEADINGS.indexOf('beside');

function isFigure(column) {
  return ['ours', 'ratio', 'budget'].includes(HEADINGS[column]);
}

function cells({ name, ours, spread, unit, peers, ratio, budget, met }) {
  const beside = peers.map((peer) => `${peer.name} ${figure(peer.value)}${within(peer.spread)}`).join('; ');
  return [
    name,
    `${figure(ours)}${within(spread)}`,
    unit,
    ratio === undefined ? '' : String(ratio),
    budget === undefined ? '' : String(budget),
    verdict(met),
    beside,
  ];
}

/** Some figures are only shown. */
function verdict(met) {
  if (met === undefined) return '';
  return met ? 'met' : 'NOT MET';
}

function figure(value) {
  return typeof value === 'number' ? value.toLocaleString('en', { maximumFractionDigits: 4 }) : String(value);
}

/** Between what the middle half of the figures lie. */
function within(spread) {
  const says = spread?.some((each) => each !== spread[0]);
  return !says ? '' : ` (${spread.map(figure).join('–')})`;
}
