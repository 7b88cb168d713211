import { expand } from '../grammar.ts';
import { Random } from '../random.ts';
import { WORDS } from '../words.ts';
import { SAYINGS, TAGS } from './sayings.ts';

/** Something that nobody ever said. */
export interface Quote {
  /** 1 to 100, in the order of the pages. */
  id: number;
  /** Without quotation marks; each is there once. */
  text: string;
  author: string;
  /** One to four, each once. */
  tags: string[];
  /** Shown to those who are signed in. */
  likes: number;
}

const QUOTE_COUNT = 100;
const AUTHOR_COUNT = 40;
const DEFAULT_SEED = 1789;

export const QUOTES_PER_PAGE = 10;

/** The site's quotes, in the order of its pages; the seed alone decides them. */
export function makeQuotes(seed = DEFAULT_SEED): Quote[] {
  const random = new Random(seed);
  const authors = distinct(AUTHOR_COUNT, () => expand('{First} {Last}', WORDS, random));
  const texts = distinct(QUOTE_COUNT, () => expand(random.pick(SAYINGS), WORDS, random));
  return texts.map((text, index) => ({
    id: index + 1,
    text,
    author: random.pick(authors),
    tags: distinct(random.integer(1, 4), () => random.pick(TAGS)),
    likes: random.integer(0, 999),
  }));
}

/** How many pages the quotes fill. */
export function pageCount(quotes: readonly Quote[]): number {
  return Math.ceil(quotes.length / QUOTES_PER_PAGE);
}

/** The quotes of page `number`, from 1; none beyond the last. */
export function quotesOf(quotes: readonly Quote[], number: number): readonly Quote[] {
  return quotes.slice((number - 1) * QUOTES_PER_PAGE, number * QUOTES_PER_PAGE);
}

function distinct(count: number, draw: () => string): string[] {
  const found = new Set<string>();
  while (found.size < count) found.add(draw());
  return [...found];
}
