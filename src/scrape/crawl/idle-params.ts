import { hash } from 'node:crypto';
import { isSessionName, maySession } from './canonical-url.ts';
import type { Frontier } from './frontier.ts';

/** A parameter that changes nothing does so on each page. Fewer pages may be equal by chance, such as "sold out". */
const MIN_PAGES = 8;
/** Of a parameter that is called as sessions are. */
const MIN_PAGES_OF_SESSION = 3;

/** A page that was fetched. */
interface SeenPage {
  /** Its place in the order of the pages. */
  id: number;
  canonical: string;
  /** As JSON, without anything that is of this address only. */
  rows: string;
  hasRows: boolean;
  text: string;
}

/** A parameter of an address, and the address without it. */
interface Param {
  name: string;
  value: string;
  rest: string;
}

/**
 * Finds parameters that change nothing, as sessions under unknown names do. On several addresses, a page with another
 * value, which may be that of a session, has to have the same content, and nowhere a different one. What is known is in
 * the frontier, so that it is rewound with the pages.
 */
export class IdleParams {
  readonly #frontier: Frontier;
  /** What is known until the next page. */
  readonly #idle = new Map<string, boolean>();

  constructor(frontier: Frontier) {
    this.#frontier = frontier;
  }

  /**
   * Notes a page that was fetched.
   * @returns whether it is a page before under another session: rows that it has, too, are not further ones
   */
  note({ id, canonical, ...page }: SeenPage): boolean {
    this.#idle.clear();
    let isRepeat = false;
    for (const { name, value, rest } of readParams(canonical)) {
      const hasOther = this.#frontier.note('rest', `${name}\n${rest}`, id) > 0;
      const content = hash('sha256', getContent(name, page));
      const isSame = this.#frontier.note('restContent', `${name}\n${rest}\n${content}`, id) > 0;
      if (!hasOther) continue;
      const isSession = maySession(name, value);
      if (!isSame) this.#frontier.note('telling', name, id);
      else if (isSession && this.#frontier.note('equal', `${name}\n${rest}`, id) === 0)
        this.#frontier.note('idle', name, id, MIN_PAGES);
      isRepeat ||= isSame && (isSession || this.#isIdle(name));
    }
    this.#idle.clear();
    return isRepeat;
  }

  /** Whether an address differs from a page that was fetched only in a parameter that changes nothing. */
  isRepeat(canonical: string): boolean {
    return readParams(canonical).some(
      ({ name, rest }) => this.#isIdle(name) && this.#frontier.count('rest', `${name}\n${rest}`) > 0,
    );
  }

  #isIdle(name: string): boolean {
    const known = this.#idle.get(name);
    if (known !== undefined) return known;
    const isIdle =
      this.#frontier.count('telling', name) === 0 &&
      this.#frontier.count('idle', name, MIN_PAGES) >=
        (isSessionName(name) ? MIN_PAGES_OF_SESSION : MIN_PAGES);
    this.#idle.set(name, isIdle);
    return isIdle;
  }
}

/**
 * What has to be equal. Beside a session, only the rows: a page may also have a clock, or count its visitors.
 */
function getContent(name: string, { rows, hasRows, text }: Omit<SeenPage, 'id' | 'canonical'>): string {
  return hasRows && isSessionName(name) ? rows : `${rows}\n${text}`;
}

/** @param canonical as `canonicalUrl` returns it */
function readParams(canonical: string): Param[] {
  const [path = '', query = ''] = canonical.split('?', 2);
  if (query === '') return [];
  const pairs = query.split('&');
  return pairs.map((pair, index) => {
    const [name = '', value = ''] = pair.split('=', 2);
    return { name, value, rest: `${path}?${pairs.toSpliced(index, 1).join('&')}` };
  });
}
