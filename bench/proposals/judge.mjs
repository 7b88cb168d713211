/**
 * Holds what is proposed for a page against what a person has marked on it.
 *
 * A label has `items` (selectors, each of which matches the wanted rows; one has to fit), `title` (within a row: its main
 * text), `link` (whether rows lead on: then where the title does, or the first link; or a selector within the row) and
 * `next` (links to the next page, each of which is right; or null).
 * @param scraper `select`, `textOf`, `propose`, `choicesOf`: of the sources that are measured
 * @returns the `verdict` on the rows and on the link to the `next` page (below), which fields are `missing`, how many rows are
 *   `marked`, and what is `shown`
 */
export function judge(page, label, scraper) {
  const proposal = scraper.propose(page);
  const wanted = label.items.map((selector) => scraper.select(page, selector));
  const pairsOf = (item) => firstPairs(wanted, item === null ? [] : scraper.select(page, item));
  const pairs = pairsOf(proposal.item);
  const missing = pairs === undefined ? [] : missingFields(page, label, pairs, proposal.fields, scraper);
  return {
    verdict:
      pairs === undefined
        ? wrongness(page, proposal, pairsOf, scraper)
        : missing.length === 0
          ? 'right'
          : 'half',
    missing,
    next: judgeNext(page, label, proposal.next, scraper),
    marked: wanted[0].length,
    shown: { item: proposal.item, next: proposal.next, names: proposal.fields.map(({ name }) => name) },
  };
}

function firstPairs(wanted, found) {
  for (const rows of wanted) {
    const pairs = pairUp(rows, found);
    if (pairs !== undefined) return pairs;
  }
  return undefined;
}

/** Where else the right rows are, when it is not they that are proposed. */
function wrongness(page, { item }, pairsOf, scraper) {
  const place = scraper.choicesOf(page).findIndex((choice) => pairsOf(choice.item) !== undefined);
  if (item === null) return place < 0 ? 'nothing' : 'nothing, further down';
  return place < 0 || place >= SHOWN ? 'wrong' : 'wrong, among choices';
}

/** So many choices the wizard shows. */
const SHOWN = 5;
export const VERDICTS = [
  'right',
  'half',
  'wrong, among choices',
  'wrong',
  'nothing, further down',
  'nothing',
];
export const NEXT_VERDICTS = ['right', 'missed', 'wrong'];

/**
 * Each wanted row with the one that was found for it, which is it, lies in it or is around it; `undefined` when fewer than
 * 90 % have one, or more than 10 % too many were found.
 */
function pairUp(wanted, found) {
  const places = new Map(found.map((element) => [element, []]));
  const pairs = [];
  for (const row of wanted) {
    const related = new Set();
    for (let up = row; up !== null; up = up.parent) if (places.has(up)) related.add(up);
    for (const element of descendants(row)) if (places.has(element)) related.add(element);
    for (const element of related) places.get(element).push(row);
    if (related.size === 1) pairs.push([row, [...related][0]]);
  }
  const alone = pairs.filter(([, element]) => places.get(element).length === 1);
  const extra = found.length - alone.length;
  const isEnough = wanted.length > 0 && alone.length >= wanted.length * 0.9 && extra <= wanted.length * 0.1;
  return isEnough ? alone : undefined;
}

function* descendants(element) {
  const left = [...element.children];
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    if (node.type !== 'tag') continue;
    yield node;
    left.push(...node.children);
  }
}

/** Which of `title` and `link` no field takes in at least four of five rows. */
function missingFields(page, label, pairs, fields, scraper) {
  const wants = pairs.map(([row, element]) => ({ element, ...wantedOf(page, label, row, scraper) }));
  const missing = [];
  const has = (field, takes) => {
    const told = wants.filter((want) => takes(want) !== undefined);
    const taken = told.filter((want) => takes(want)(takenFrom(page, field, want.element, scraper)));
    return told.length > 0 && taken.length >= told.length * 0.8;
  };
  const sameTitle = ({ title }) => (title === '' ? undefined : (value) => isSameText(value, title));
  const sameLink = ({ link }) =>
    link === ''
      ? undefined
      : (value) => value !== '' && addressOf(page, value, scraper) === addressOf(page, link, scraper);
  if (!fields.some((field) => has(field, sameTitle))) missing.push('title');
  if (label.link && !fields.some((field) => field.attribute === 'href' && has(field, sameLink)))
    missing.push('link');
  return missing;
}

function wantedOf(page, label, row, { select, textOf }) {
  const [title] = label.title === ':scope' ? [row] : select(page, label.title, row);
  if (!label.link) return { title: title === undefined ? '' : plain(textOf(title)), link: '' };
  const chosen = typeof label.link === 'string' ? select(page, label.link, row)[0] : undefined;
  const link =
    chosen ??
    linkAround(title) ??
    (title && select(page, 'a[href]', title)[0]) ??
    select(page, 'a[href]', row)[0];
  return { title: title === undefined ? '' : plain(textOf(title)), link: link?.attribs.href ?? '' };
}

function linkAround(element) {
  for (let up = element; up; up = up.parent) if (up.name === 'a' && up.attribs?.href) return up;
  return undefined;
}

function takenFrom(page, { selector, attribute }, element, { select, textOf }) {
  const found = selector === ':scope' ? element : select(page, selector, element)[0];
  if (found === undefined) return '';
  return attribute === null ? plain(textOf(found)) : plain(found.attribs[attribute] ?? '');
}

function plain(text) {
  return text.replaceAll(/\s+/g, ' ').trim();
}

/** The same, cut short, or with a little around it. */
function isSameText(value, title) {
  const [one, other] = [value, title].map((text) => text.replace(/\s*(…|\.\.\.|\[…\]|\[\.\.\.\])$/, ''));
  if (one === '' || other === '') return false;
  if (one === other || value === title) return true;
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  return (
    long.includes(short) &&
    (short.length >= long.length / 2 || (value === long && short.length >= long.length / 3))
  );
}

function addressOf(page, href, { select }) {
  const base = select(page, 'base[href]')[0]?.attribs.href ?? '';
  try {
    const address = new URL(href.trim(), new URL(base, page.url));
    address.hash = '';
    return address.href;
  } catch {
    return href.trim();
  }
}

function judgeNext(page, label, proposed, scraper) {
  const hrefOf = (selector) => {
    const href = scraper.select(page, selector)[0]?.attribs.href?.trim() ?? '';
    return href === '' ? '' : addressOf(page, href, scraper);
  };
  const wanted = (label.next ?? []).map(hrefOf);
  if (wanted.includes('')) throw new Error(`${label.id}: ${label.next.join(' or ')} leads nowhere`);
  const found = proposed === null ? '' : hrefOf(proposed);
  if (found === '') return wanted.length === 0 ? 'right' : 'missed';
  return wanted.includes(found) ? 'right' : 'wrong';
}
