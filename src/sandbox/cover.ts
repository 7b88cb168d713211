import type { Book } from './books.ts';
import { html } from './html.ts';

/** Where the picture of a book's cover is, from the site's root. */
export function coverPath(book: Book): string {
  return `/media/cover-${book.id}.svg`;
}

/** A plain cover in the book's own colour: title and author, drawn as SVG. */
export function renderCover(book: Book): string {
  const hue = book.salt % 360;
  const lines = wrap(book.title, 18).slice(0, 7);
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 280" font-family="Georgia, serif" fill="#fff" text-anchor="middle">
<rect width="200" height="280" fill="hsl(${hue} 38% 34%)"/>
<rect x="10" y="10" width="180" height="260" fill="none" stroke="hsl(${hue} 50% 75%)"/>
${lines.map(
  (line, index) => html`<text x="100" y="${58 + index * 24}" font-size="18">${line}</text>
`,
)}<text x="100" y="250" font-size="12">${book.author}</text>
</svg>
`.text;
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
