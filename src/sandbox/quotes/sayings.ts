/** What sayings are made of; the names in braces are those of words.ts. */
export const SAYINGS: readonly string[] = [
  'A {person} without {things} is only a {person} with time.',
  'Give me {number} {things} and I will show you a {adjective} {animal}.',
  'Never lend a {thing} to a {animal}, nor a {animal} to a {person}.',
  '{Feeling} is a {thing} that fits every {person} but the one who made it.',
  'I have been to {Place}, and I have been {adjective}; only one of them has a railway station.',
  'Whoever counts {things} forgets the {thing} they came for.',
  'There is no {thing} so {adjective} that a {animal} cannot sit on it.',
  'If {feeling} were {things}, "{Place}" would be full & nobody would leave.',
  'The {person} who waits for the {adjective} {thing} misses the 8:15 to {Place}.',
  'Between {feeling} and {feeling} lies a {adjective} {thing} — mind it.',
  '{First}, my {animal}, has read more {things} than most.',
  'One {thing} is an accident, {number} {things} are a library.',
];

export const TAGS: readonly string[] = [
  'advice',
  'animals',
  'books',
  'change',
  'food & drink',
  'friendship',
  'home',
  'inspirational',
  'life',
  'love',
  'patience',
  'rain',
  'thinking',
  'trains',
  'truth',
  'work',
];
