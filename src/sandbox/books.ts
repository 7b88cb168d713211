import { GENRES, type Genre, ODD_TITLES, SENTENCES } from './genres.ts';
import { mix, Random } from './random.ts';
import { expand, WORDS } from './words.ts';

/** The constant properties of a book; its price and stock change by the hour (drift.ts). */
export interface Book {
  /** 1 to 1,000, in the order of the list pages. */
  id: number;
  title: string;
  author: string;
  category: string;
  /** 16 hexadecimal digits, unique. */
  upc: string;
  /** Stars, 1 to 5. */
  rating: number;
  description: string;
  /** The price in pence around which the price of the hour moves. */
  basePrice: number;
  /** Decides the movements of price and stock. */
  salt: number;
  /** Where the product page is, from the site's root: `/catalogue/<slug>_<id>/index.html`. */
  path: string;
}

const BOOK_COUNT = 1000;
const DEFAULT_SEED = 1851;

/** Creates the shop's books, in the order of its list pages; the seed alone determines them. */
export function makeBooks(seed = DEFAULT_SEED): Book[] {
  const random = new Random(seed);
  const taken = new Set(ODD_TITLES.map((odd) => odd.title));
  return Array.from({ length: BOOK_COUNT }, (_, index) => {
    const odd = index % 7 === 3 ? ODD_TITLES[(index - 3) / 7] : undefined;
    const genre = GENRES.find(({ name }) => name === odd?.genre) ?? random.pick(GENRES);
    return makeBook(index + 1, genre, odd?.title ?? newTitle(genre, taken, random), seed, random);
  });
}

function makeBook(id: number, genre: Genre, title: string, seed: number, random: Random): Book {
  const sentences = [random.pick(genre.openings), ...pickSome(SENTENCES, random.integer(1, 4), random)];
  return {
    id,
    title,
    author: expand('{First} {Last}', WORDS, random),
    category: genre.name,
    // An odd multiplier gives every id a different first half, so that no two codes are equal.
    upc: hex(Math.imul(id, 0x9e3779b1) ^ seed) + hex(mix(seed, id, 1)),
    rating: random.integer(1, 5),
    description: sentences.map((sentence) => expand(sentence, WORDS, random)).join(' '),
    basePrice: random.integer(1000, 5999),
    salt: mix(seed, id, 2),
    path: `/catalogue/${slug(title)}_${id}/index.html`,
  };
}

function newTitle(genre: Genre, taken: Set<string>, random: Random): string {
  for (;;) {
    const title = expand(random.pick(genre.titles), WORDS, random);
    if (taken.has(title)) continue;
    taken.add(title);
    return title;
  }
}

function pickSome(choices: readonly string[], count: number, random: Random): string[] {
  const start = random.integer(0, choices.length - 1);
  return Array.from({ length: count }, (_, offset) => choices[(start + offset * 3) % choices.length] ?? '');
}

const hex = (number: number): string => (number >>> 0).toString(16).padStart(8, '0');

/** A title as part of a web address: `salt-pepper-the-good-china`, at most 60 characters. */
function slug(title: string): string {
  const plain = title
    .normalize('NFKD')
    .replace(/[\u0300-\u036f'’]/g, '')
    .toLowerCase();
  const words = plain.replace(/[^a-z0-9]+/g, '-').slice(0, 60);
  return words.replace(/^-+|-+$/g, '') || 'book';
}
