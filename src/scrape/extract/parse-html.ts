import { type CheerioAPI, load } from 'cheerio';
import { Parser, Token, Tokenizer } from 'parse5';
import { flat, pageTree, TooManyNodes } from './page-tree.ts';

/** Elements, texts and comments of one page: so many, with the rows that they give, take some 300 MB. */
const MOST_NODES = 400_000;

/** A page people read stays below 100. Parsing and selecting take time quadratic in the depth: this much, half a second. */
const MOST_DEEP = 12_000;

/** The parser compares each attribute of an element with all before it. */
const MOST_ATTRIBUTES = 20_000;

/** Markup is looked after each time that so much of it has been read, in characters. */
const CHUNK = 65_536;

/** Why a page is not read. What a page holds is no reason to fill the memory, or to be busy for hours. */
export class UnreadableMarkup extends Error {
  override readonly name = 'UnreadableMarkup';
}

class WatchedTokenizer extends Tokenizer {
  /** How many attributes the element has that is being read. */
  get attributes(): number {
    const token = this.currentToken;
    return token?.type === Token.TokenType.START_TAG ? token.attrs.length : 0;
  }

  /** Frees the sums of what is being read: a value of megabytes has as many. */
  flatten(): void {
    flat(this.currentAttr.value);
    flat(this.currentAttr.name);
    const token = this.currentToken;
    if (token?.type === Token.TokenType.COMMENT) flat(token.data);
    if (this.currentCharacterToken !== null) flat(this.currentCharacterToken.chars);
  }
}

/**
 * Parses HTML as a browser does (implied elements such as `tbody` included).
 * @throws UnreadableMarkup saying what there is too much of
 */
export function parseHtml(html: string): CheerioAPI {
  const tags = countTags(html);
  if (tags > MOST_NODES) throw tooMany();
  // What people write has an element and two texts a tag. Far more is made of tags that were left open on purpose.
  const most = Math.min(MOST_NODES, 10_000 + 4 * tags);
  const parser = new Parser({ treeAdapter: pageTree(most), scriptingEnabled: true });
  const tokenizer = new WatchedTokenizer(parser.options, parser);
  parser.tokenizer = tokenizer;
  try {
    for (let start = 0; start === 0 || start < html.length; start += CHUNK) {
      tokenizer.write(html.slice(start, start + CHUNK), start + CHUNK >= html.length);
      if (parser.openElements.stackTop > MOST_DEEP)
        throw new UnreadableMarkup('nests its elements too deep to be read');
      if (tokenizer.attributes > MOST_ATTRIBUTES)
        throw new UnreadableMarkup('has an element with too many attributes to be read');
      tokenizer.flatten();
    }
  } catch (error) {
    if (!(error instanceof TooManyNodes)) throw error;
    throw most === MOST_NODES ? tooMany() : new UnreadableMarkup('makes far more elements than it has tags');
  }
  return load(parser.document);
}

function tooMany(): UnreadableMarkup {
  return new UnreadableMarkup(`holds more than ${MOST_NODES.toLocaleString('en')} elements and texts`);
}

function countTags(html: string): number {
  let tags = 0;
  for (let at = html.indexOf('<'); at !== -1; at = html.indexOf('<', at + 1)) {
    const letter = html.charCodeAt(at + 1) | 0x20;
    if (letter >= 0x61 && letter <= 0x7a) tags += 1;
  }
  return tags;
}
