/** Characters that roff or a terminal would show as another one, or takes for a command. */
const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\e',
  '-': '\\-',
  '`': '\\(ga',
  "'": '\\(aq',
  '"': '\\(dq',
  '^': '\\(ha',
  '~': '\\(ti',
};

/** Text as it is, in ASCII, so that a search and a copy find what stands there. */
export function roff(text: string): string {
  return text
    .replaceAll(/[\\\-`'"^~]/g, (sign) => ESCAPES[sign] as string)
    .replaceAll(/[^\n -~]/gu, (sign) => {
      const code = sign.codePointAt(0) as number;
      return `\\[u${code.toString(16).toUpperCase().padStart(4, '0')}]`;
    })
    .replaceAll(/^\./gm, '\\&.');
}

export function bold(text: string): string {
  return `\\fB${roff(text)}\\fR`;
}

export function italic(text: string): string {
  return `\\fI${roff(text)}\\fR`;
}

/** A line of Markdown: code and strong words are bold, a link is its words. */
export function markdownLine(line: string): string {
  return line
    .replaceAll(/\[([^\]]+)\]\([^)]+\)/g, '$1')
    .split(/(`[^`]+`|\*\*[^*]+\*\*)/)
    .map((part) => {
      const strong = /^(?:`([^`]+)`|\*\*([^*]+)\*\*)$/.exec(part);
      return strong === null ? roff(part) : bold(strong[1] ?? strong[2] ?? '');
    })
    .join('');
}

export function section(name: string, ...blocks: readonly string[]): string {
  return [`.SH ${name}`, ...blocks].join('\n');
}

/** @param texts escaped */
export function paragraphs(...texts: readonly string[]): string {
  return texts.map(wrap).join('\n.PP\n');
}

/** A term in a line of its own, and under it what it is; both are escaped. */
export function entry(term: string, description: string): string {
  return `.TP\n${term}\n${wrap(description)}`;
}

/** Lines that are shown as they are. */
export function verbatim(text: string): string {
  return `.RS 4\n.nf\n${roff(text)}\n.fi\n.RE`;
}

const LINE_WIDTH = 79;

/** Breaks lines at spaces, as linters of manuals want it. No line begins with what roff would take for a command. */
function wrap(text: string): string {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const longer = `${lines.at(-1)} ${word}`;
    const isBroken = lines.length === 0 || longer.length > LINE_WIDTH;
    if (isBroken) lines.push(word.startsWith('.') ? `\\&${word}` : word);
    else lines[lines.length - 1] = longer;
  }
  return lines.join('\n');
}
