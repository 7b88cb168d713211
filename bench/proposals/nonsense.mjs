import { createHash } from 'node:crypto';
import { PRESERVED_PHRASES, preservedVocabulary, wordsOf } from './preserved-vocabulary.mjs';

const KEPT = preservedVocabulary();
const WORD = /\p{L}[\p{L}\p{M}]*/gu;
/** A telephone number: a person's, and no amount. */
const TELEPHONE = /(?<![\d.,])(?:\+|\b0)\d[\d ()/-]{6,}\d/g;
/** So many different words of a length there are: fewer are packed smaller, more are less often alike. */
const WORDS_OF_A_LENGTH = 192;

/** From what a word is made; the first that its first letter is of. */
const SCRIPTS = [
  [/\p{Script=Cyrillic}/u, ['бвгдзклмнпрст', 'аеиоу']],
  [/\p{Script=Greek}/u, ['βγδζθκλμνπρστ', 'αεηιο']],
  [
    /\p{Script=Hiragana}/u,
    ['かさたなまらきしちにみりくすつぬむるけせてねめれ', 'あいうえおこそとのもろよやゆ'],
  ],
  [
    /\p{Script=Katakana}/u,
    ['カサタナマラキシチニミリクスツヌムルケセテネメレ', 'アイウエオコソトノモロヨヤユ'],
  ],
  [/\p{Script=Hangul}/u, ['가나다라마바사아자차카타파하고노도로모보소', '구누두루무부수기니디리미비시']],
  [
    /\p{Script=Han}/u,
    ['山川田木石水火土金竹花鳥犬牛馬虫貝米糸車舟門戸弓矢刀玉', '東西南北中左右青赤白黒大小高低長短遠近'],
  ],
  [/\p{Script=Arabic}/u, ['بتجحدرزسشطعفقكلمن', 'اوي']],
  [/\p{Script=Hebrew}/u, ['בגדהזחטכלמנסעפצקרשת', 'אוי']],
  [/\p{Script=Devanagari}/u, ['कगचजटडतदनपबमरलवसह', 'कगचजटडतदनपबमरलवसह']],
  [/\p{Script=Bengali}/u, ['কগচজটডতদনপবমরলসহ', 'কগচজটডতদনপবমরলসহ']],
  [/./u, ['bdfghklmnprstvz', 'aeiou']],
].map(([script, letters]) => [script, letters.map((each) => Array.from(each))]);

/**
 * Says a page's texts in words that mean nothing, each as long as the one it stands for and in its script, and the same one
 * for the same: digits, signs, dates, amounts and what leads through pages stay.
 * @param seed of the page
 * @param alsoKept more words that stay: those of the labels' selectors, and of the link to the next page
 */
export function nonsense(seed, alsoKept = []) {
  const kept = new Set([...KEPT, ...alsoKept.flatMap(wordsOf)]);
  const said = new Map();
  const word = (original) => {
    const key = original.toLowerCase();
    if (kept.has(key)) return original;
    if (!said.has(key)) said.set(key, make(seed, key));
    return inCaseOf(original, said.get(key));
  };
  const words = (text) => text.replaceAll(WORD, word);
  const text = (original) => {
    const plain = original.replaceAll(TELEPHONE, (number) => otherDigits(seed, number));
    let from = 0;
    let made = '';
    for (const { index, 0: phrase } of plain.matchAll(PRESERVED_PHRASES)) {
      made += words(plain.slice(from, index)) + phrase;
      from = index + phrase.length;
    }
    return made + words(plain.slice(from));
  };
  return { text, words };
}

function make(seed, word) {
  const letters = Array.from(word);
  const length = letters.length;
  const [, [consonants, vowels]] = SCRIPTS.find(([script]) => script.test(letters[0]));
  const place = numberOf(`${seed} ${word}`) % WORDS_OF_A_LENGTH;
  const random = createHash('sha256').update(`${length} ${place}`).digest();
  const made = letters.map((_, index) => {
    const from = (index + place) % 2 === 0 ? consonants : vowels;
    return from[(random[index % random.length] + index) % from.length];
  });
  return made.join('');
}

function inCaseOf(original, made) {
  if (original === original.toLowerCase()) return made;
  if (original.length > 1 && original === original.toUpperCase()) return made.toUpperCase();
  return Array.from(made, (letter, index) => {
    const like = Array.from(original)[index] ?? '';
    return like !== like.toLowerCase() ? letter.toUpperCase() : letter;
  }).join('');
}

function otherDigits(seed, number) {
  let last = numberOf(`${seed} ${number}`);
  return number.replaceAll(/\d/g, (digit, index) => {
    last = (last * 1_103_515_245 + 12_345 + index) % 2_147_483_648;
    return digit === '0' && index < 2 ? digit : String(last % 10);
  });
}

function numberOf(text) {
  return createHash('sha256').update(text).digest().readUInt32LE();
}
