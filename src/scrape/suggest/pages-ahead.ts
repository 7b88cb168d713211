/** Parameters that count pages; any other number may count rows. */
const COUNTS_PAGES = /^(?:.*page.*|p|pg|pn|paged|pagina|seite|strana|str|sivu|side|sida|pagen_\d+)$/i;
/** Parameters that count days: what they lead through is a calendar. */
const COUNTS_DAYS = /^(?:year|month|week|day)s?$/i;
/** What stands before the number of a page in a path. */
const PAGE_PATH =
  /^[-_/]?(?:page|pages|p|pg|seite|pagina|página|strana|str|stranica|sivu|side|sida|страница)?[-_/=]?(\d{1,5})(?:\.\w+)?\/?$/iu;

/**
 * How many pages after a page an address lies, as its numbers tell: 1 for the next one, less than 0 for one before.
 * `NaN` for one that counts rows and lies further on, `undefined` when the addresses do not say.
 */
export function countPagesAhead(own: URL, target: URL): number | undefined {
  if (own.host !== target.host) return undefined;
  if (own.pathname === target.pathname) return countAheadInQuery(own, target);
  if (own.search !== target.search && own.search !== '' && target.search !== '') return undefined;
  return countAheadInPath(own.pathname, target.pathname);
}

function countAheadInQuery(own: URL, target: URL): number | undefined {
  const names = new Set([...own.searchParams.keys(), ...target.searchParams.keys()]);
  const different = [...names].filter((name) => own.searchParams.get(name) !== target.searchParams.get(name));
  if (different.some((name) => COUNTS_DAYS.test(name)) && !different.some((name) => COUNTS_PAGES.test(name)))
    return 0;
  const counting = different.filter((name) => /^\d+$/.test(target.searchParams.get(name) ?? ''));
  const name = counting.find((each) => COUNTS_PAGES.test(each)) ?? counting[0];
  if (name === undefined) {
    // SMF's boards: `board=18.20`.
    const [from, to] = findOnlyDifferentNumber(own.search, target.search) ?? [];
    return from === undefined || to === undefined ? undefined : to > from ? Number.NaN : to - from;
  }
  if (counting.length > 2) return undefined;
  const from = own.searchParams.get(name) ?? '';
  const to = Number(target.searchParams.get(name));
  if (from !== '' && !/^\d+$/.test(from)) return undefined;
  if (COUNTS_PAGES.test(name)) return to - (from === '' ? countFromFirstPage(to) : Number(from));
  const ahead = to - Number(from || 0);
  return ahead > 0 ? Number.NaN : ahead;
}

/** Some count from 0, and their second page is the first that says a number. */
function countFromFirstPage(to: number): number {
  return to === 1 ? 0 : 1;
}

function countAheadInPath(own: string, target: string): number | undefined {
  const counted = findOnlyDifferentNumber(own, target);
  if (counted !== undefined) return counted[1] - counted[0];
  const stem = own.replace(/(?:\/index)?\.\w+$/, '').replace(/\/$/, '');
  if (!target.startsWith(stem)) return undefined;
  const [, number] = PAGE_PATH.exec(target.slice(stem.length).replace(/^\/+/, '/')) ?? [];
  return number === undefined ? undefined : Number(number) - countFromFirstPage(Number(number));
}

/** The one number that two texts differ by; undefined where they differ by more. */
function findOnlyDifferentNumber(own: string, target: string): [number, number] | undefined {
  const [before, after] = [own, target].map((text) => text.split(/(\d+)/));
  if (before === undefined || before.length !== after?.length) return undefined;
  const different = before.flatMap((part, index) => (part === after[index] ? [] : [index]));
  const [at = 0] = different;
  return different.length === 1 && at % 2 === 1 ? [Number(before[at]), Number(after[at])] : undefined;
}
