/** What this project does not call things any more, and what it says instead (docs/contributing, glossary). */
export const BANNED_NAMES: readonly { name: RegExp; use: string }[] = [
  { name: /[a-z]Words$/, use: 'format… or describe… for a function that makes a text' },
  { name: /^carr(y|ies|ied)[A-Z]|^carry$/, use: 'run, invoke or execute in place of carry out' },
  { name: /[cC]all(ed|s|ing)?Off$/, use: 'cancel or discard in place of call off' },
  { name: /^look(s|ed|ing)?After/, use: 'reconcile in place of look after' },
  { name: /^(MOST|LONGEST|FEWEST|LEAST|SHORTEST|LARGEST)_/, use: 'MAX_… and MIN_…' },
  { name: /^[A-Z]\w*Book$/, use: 'Cache, Tracker or Snapshot in place of Book' },
  { name: /[uU]nderWay/, use: 'active, running or inFlight in place of under way' },
  { name: /[rR]emed(y|ies)/, use: 'hint in place of remedy' },
  { name: /[hH]appening/, use: 'activity in place of happening' },
  { name: /^isThere$/, use: 'exists' },
  { name: /^WIDEST$/, use: 'MAX_COLUMNS' },
  { name: /[cC]lash/, use: 'conflict in place of clash' },
  { name: /^propose[A-Z]|^Propos(e|al)[A-Z]/, use: 'suggest in place of propose' },
  { name: /Presence$/, use: 'uptime in place of presence' },
  { name: /^canParse$/, use: 'canParseUrl: URL.canParse is wrong in Node 20 and 22 once it is hot' },
  { name: /^OpenRequests$/, use: 'PendingRequests' },
];

/** Phrases that comments do not use any more (docs/contributing/prose.md). */
export const BANNED_PHRASES: readonly RegExp[] = [
  'under way',
  'call(?:s|ed)? off',
  'carr(?:y|ies|ied) out',
  'look(?:s|ed)? (?:after|at)',
  'passed over',
  'in vain',
  'anew',
  'so many',
  'for good',
  'whoever',
  'nobody',
  'somebody',
  'mend(?:s|ed)?',
  '(?:is|are) told',
].map((phrase) => new RegExp(`\\b${phrase}\\b`, 'gi'));

/** Phrases that texts for users do not use any more. "Look at" and "nobody" are allowed here: texts speak of people. */
export const BANNED_IN_TEXTS: readonly RegExp[] = [
  'under way',
  'call(?:s|ed)? off',
  'carr(?:y|ies|ied) out',
  'look(?:s|ed)? after',
  '(?:is|are|was|were) looked at',
  'passed over',
  'in vain',
  'anew',
  'so many',
  'for good',
  'whoever',
  'nobody can',
  'mend(?:s|ed)?',
  '(?:is|are) told',
].map((phrase) => new RegExp(`\\b${phrase}\\b`, 'gi'));
