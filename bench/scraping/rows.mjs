import { growth } from '../growth.mjs';
import { shown, spreadOf } from '../rounds.mjs';
import { atLeast, notMeasured, ratioTo } from '../verdict.mjs';

const JSON_WHY =
  'The program written by hand parses each page, writes its rows, and does nothing else. Beside that, ours checks, counts and stages them, reads robots.txt, and writes the output at the end.';
const ROWS_A_PAGE = 1_000;

const WHY =
  'What is left is the processor. By a profile of ours from the first request on, two fifths of the time are parse5 and cheerio, a seventh collects garbage, a ninth is the system’s write of each request, a tenth waits for the site, and a sixth is ours. The program written by hand for these pages with the same libraries is the floor, and shows in its own row how far that is.';

const WHY_TOGETHER =
  'Eight requests at a time get no more pages than the latency allows, 1,600 a second with 5 ms, 400 with 20 ms and 80 with 100 ms. Near that limit all who use them well are as fast; below it, it is the processor.';

/** What more pages of one site cost us. */
export function grown(title, sizes) {
  const cost = (figure) =>
    sizes.map(({ pages, took: [us] }) => ({ n: pages, cost: spreadOf(us.map(figure)).median }));
  return [
    growth(
      `${title}, time`,
      cost(({ working }) => working),
      'pages',
      's',
    ),
    growth(
      `${title}, peak memory`,
      cost(({ mb }) => mb),
      'pages',
      'MB',
    ),
  ];
}

/**
 * What a set of pages took all who scraped it.
 * @param options.least of the pages a second of a peer, by how its name begins
 * @param options.missing scrapers that are not there
 */
export function figures(title, found, { least = {}, missing }) {
  const { pages } = found;
  const row = (what, unit, digits, figure) =>
    rowOf(`${nameOf(title, found)}, ${what}`, found, { unit, digits, figure });
  return [
    ...against(title, found, least),
    ...unmeasured(title, found, { least, missing }),
    row('start-up included', 'pages a second', 0, ({ seconds }) => pages / seconds),
    row('whole process', 'CPU seconds', 1, ({ cpu }) => cpu),
    row('at its peak', 'MB', 0, ({ mb }) => mb),
  ];
}

/** Our rows of JSON a second beside those of the program written by hand. */
export function jsonRows({ pages, scrapers, took }, least) {
  const [us, peer] = took.map((all) => spreadOf(all.map(({ working }) => (pages * ROWS_A_PAGE) / working)));
  const { name } = scrapers[1];
  const { value, spread } = shown(us);
  return [
    {
      name: `a JSON API, ${(pages * ROWS_A_PAGE).toLocaleString('en')} rows`,
      ...{ ours: value, spread, unit: 'rows a second', peers: [{ name, ...shown(peer) }] },
      ...ratioTo(name, us.median, peer.median),
      ...atLeast(us.median / peer.median, least, { why: JSON_WHY }),
    },
  ];
}

/** The rows of eight requests at a time. @param options what {@link figures} takes */
export function togetherRows(title, found, { least, missing }) {
  return [
    ...against(title, found, least, WHY_TOGETHER),
    ...unmeasured(title, found, { least, missing, why: WHY_TOGETHER }),
  ];
}

/** Our pages a second beside those of each peer. @param least as {@link figures} has it */
export function against(title, found, least = {}, why = WHY) {
  const [us, ...peers] = rates(found);
  const { value, spread } = shown(us);
  return peers.map((peer, index) => {
    const { name } = found.scrapers[index + 1];
    const budget = budgetOf(name, least);
    return {
      name: `${nameOf(title, found)}, against ${name}`,
      ...{ ours: value, spread, unit: 'pages a second', peers: [{ name, ...shown(peer) }] },
      ...ratioTo(name, us.median, peer.median),
      ...(budget !== undefined && atLeast(us.median / peer.median, budget, { why })),
    };
  });
}

/** The rows of peers that are not there. */
function unmeasured(title, found, { least, missing, why = WHY }) {
  const { value, spread } = shown(rates(found)[0]);
  return missing.map(({ name, missing: how }) => {
    const budget = budgetOf(name, least);
    return {
      name: `${nameOf(title, found)}, against ${name}`,
      ...{ ours: value, spread, unit: 'pages a second', peers: [] },
      ...(budget === undefined ? { without: [how] } : notMeasured('at least', budget, { why }, how)),
    };
  });
}

function rowOf(name, { scrapers, took }, { unit, digits, figure }) {
  const [us, ...peers] = took.map((all) => spreadOf(all.map(figure)));
  const { value, spread } = shown(us, digits);
  const beside = peers.map((peer, index) => ({ name: scrapers[index + 1].name, ...shown(peer, digits) }));
  const ratio = ratioTo(beside[0].name, us.median, peers[0].median);
  return { name, ours: value, spread, unit, peers: beside, ...ratio };
}

const nameOf = (title, { pages }) => `${title} ${pages.toLocaleString('en')} pages`;
const rates = ({ pages, took }) => took.map((all) => spreadOf(all.map(({ working }) => pages / working)));
const budgetOf = (name, least) => Object.entries(least).find(([peer]) => name.startsWith(peer))?.[1];

/** The rows of the manual where it is not installed: {@link figures} beside each peer. */
export function manualIsMissing(title, peers) {
  const missing = 'the manual: not measured, it is not installed: apt-get install postgresql-doc-17';
  const row = (what, unit) => ({
    ...{ name: `${title} all pages, ${what}`, ours: null, unit, peers: [], without: [missing] },
  });
  return [
    ...peers.map(({ name }) => row(`against ${name}`, 'pages a second')),
    row('start-up included', 'pages a second'),
    row('whole process', 'CPU seconds'),
    row('at its peak', 'MB'),
  ];
}
