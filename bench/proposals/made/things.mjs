/** What the rows of made pages say: the same in each run. */

const SUBJECTS = [
  'Harbour',
  'Lantern',
  'Meadow',
  'Copper',
  'Winter',
  'Granite',
  'Willow',
  'Ember',
  'Silver',
  'Orchard',
];
const OBJECTS = [
  'lamp for reading',
  'guide to the north',
  'table with drawers',
  'bread of the village',
  'river at night',
];
const PEOPLE = [
  'Ada Berg',
  'Noor Haddad',
  'Luis Prieto',
  'Mai Tanaka',
  'Jonas Weiss',
  'Eva Kral',
  'Tom Okafor',
];
const CITIES = ['Lisbon', 'Gdansk', 'Utrecht', 'Bergen', 'Graz', 'Tartu'];
const LINES = [
  'It was made by hand in a small workshop, and each piece differs a little from the others.',
  'Three years of work went into it, and the first readers praised how calm and clear it is.',
  'What begins as an ordinary morning ends with a discovery that nobody in the town expected.',
  'A short look at what has changed since spring, with advice for those who start now.',
];
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September'];

/** The thing of a number, from 1: its texts, and its dates as ISO and as words. */
export function thing(number) {
  const month = 1 + ((number * 5) % 9);
  const day = 1 + ((number * 7) % 28);
  const at = (list) => list[number % list.length];
  const iso = `2026-0${month}-${String(day).padStart(2, '0')}`;
  return {
    number,
    title: `${at(SUBJECTS)} ${at(OBJECTS)} ${number}`,
    author: at(PEOPLE),
    city: at(CITIES),
    text: `${at(LINES)} Number ${number}.`,
    price: (7.5 + number * 13.25).toFixed(2),
    count: 3 + ((number * 37) % 400),
    rating: (1 + ((number * 7) % 40) / 10).toFixed(1),
    iso,
    date: `${day} ${MONTHS[month - 1]} 2026`,
    path: `/item/${number * 7}-${at(SUBJECTS).toLowerCase()}`,
    picture: `/pictures/${number}.jpg`,
  };
}

/** Markup or data of `count` things. */
export function each(count, make) {
  return Array.from({ length: count }, (_, at) => make(thing(at + 1), at + 1));
}

export function html(count, make) {
  return each(count, make).join('\n');
}

/** The value of each thing: what a field should hold. */
export function values(count, of) {
  return each(count, of);
}

/** A page with what most sites have around their content: a menu before it, a side and a foot. */
export function page(content, { head = '', title = 'All of them', menu = 25, side = '' } = {}) {
  const entry = (_, number) =>
    `<li class="menu-item"><a href="/topic/${number}">Topic number ${number}</a></li>`;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title>${head}</head><body>
<div class="site-top"><a class="logo" href="/">Home</a><ul class="menu">${html(menu, entry)}</ul></div>
${content}
<div class="aside">${side}<ul>${html(6, (_, number) => `<li><a href="/popular/${number}">Popular page ${number}</a></li>`)}</ul></div>
<footer><ul>${html(8, (_, number) => `<li><a href="/about/${number}">About us ${number}</a></li>`)}</ul><p>© 2026</p></footer></body></html>`;
}
