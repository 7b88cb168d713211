/** What a `secrets.env` says. */
export interface Secrets {
  values: Record<string, string>;
  /** Lines that say nothing that can be used. No message repeats what stands there: it may be a secret. */
  problems: { line: number; message: string }[];
}

const ASSIGNMENT = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=[^\S\n]*/;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/**
 * Reads `NAME=value` lines, as a shell and dotenv files have them: `export` may stand before, `#` begins a comment at the
 * start of a line or after white space (a password may hold one), `'…'` is taken as it is, `"…"` knows `\n`, `\t`, `\"`
 * and `\\`; both may go over several lines. Nothing is filled in within a value. Of two lines with one name the last counts.
 */
export function parseSecrets(text: string): Secrets {
  const values: Record<string, string> = {};
  const problems: Secrets['problems'] = [];
  let rest = text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
  for (let line = 1; rest !== ''; ) {
    const end = rest.indexOf('\n') < 0 ? rest.length : rest.indexOf('\n');
    const [head = '', name = ''] = ASSIGNMENT.exec(rest.slice(0, end)) ?? [];
    const after = rest.slice(head.length);
    const quoted = /^"((?:[^"\\]|\\[\s\S])*)"|^'([^']*)'/.exec(after);
    let length = end;
    if (name === '') {
      if (/^\s*[^\s#]/.test(rest.slice(0, end))) problems.push({ line, message: 'is no NAME=value' });
    } else if (quoted === null && /^["']/.test(after)) {
      problems.push({ line, message: `${name}: the quote is not closed` });
    } else if (quoted === null) {
      values[name] = rest
        .slice(head.length, end)
        .replace(/(?:^|\s)#.*$/, '')
        .trim();
    } else {
      values[name] = quoted[2] ?? (quoted[1] ?? '').replaceAll(/\\([\s\S])/g, unescapeLetter);
      length = head.length + quoted[0].length;
      const [tail = ''] = rest.slice(length).split('\n', 1);
      if (/^\s*[^\s#]/.test(tail))
        problems.push({ line, message: `${name}: there is more after the quotes` });
      length += tail.length;
    }
    line += rest.slice(0, length).split('\n').length;
    rest = rest.slice(length + 1);
  }
  return { values, problems };
}

function unescapeLetter(whole: string, letter: string): string {
  return ESCAPES[letter] ?? (letter === '"' || letter === '\\' ? letter : whole);
}
