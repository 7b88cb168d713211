import type { IBufferCell, Terminal } from '@xterm/headless';

/** A cell of a terminal: its text and style; colours are palette numbers, `undefined` for the default. */
export interface Cell {
  text: string;
  foreground: number | undefined;
  background: number | undefined;
  bold: boolean;
  dim: boolean;
  inverse: boolean;
  underline: boolean;
}

export function cellAt(terminal: Terminal, column: number, row: number): Cell | undefined {
  const buffer = terminal.buffer.active;
  const cell = buffer.getLine(buffer.baseY + row)?.getCell(column);
  return cell === undefined ? undefined : describe(cell);
}

function describe(cell: IBufferCell): Cell {
  return {
    text: cell.getChars(),
    foreground: cell.isFgDefault() ? undefined : cell.getFgColor(),
    background: cell.isBgDefault() ? undefined : cell.getBgColor(),
    bold: cell.isBold() !== 0,
    dim: cell.isDim() !== 0,
    inverse: cell.isInverse() !== 0,
    underline: cell.isUnderline() !== 0,
  };
}

/** The sixteen colours, as VS Code's terminal has them on a dark and on a light ground. */
const DARK = [
  ['#000000', '#cd3131', '#0dbc79', '#e5e510', '#2472c8', '#bc3fbc', '#11a8cd', '#e5e5e5'],
  ['#666666', '#f14c4c', '#23d18b', '#f5f543', '#3b8eea', '#d670d6', '#29b8db', '#ffffff'],
].flat();
const LIGHT = [
  ['#000000', '#cd3131', '#107c10', '#949800', '#0451a5', '#bc05bc', '#0598bc', '#555555'],
  ['#666666', '#cd3131', '#14ce14', '#b5ba00', '#0451a5', '#bc05bc', '#0598bc', '#a5a5a5'],
].flat();

/** The further 240 colours are the same everywhere: a cube of six steps, and 24 greys. */
const FIXED = Array.from({ length: 240 }, (_, index) => {
  const step = (by: number) => [0, 95, 135, 175, 215, 255][Math.floor(index / by) % 6];
  const grey = 8 + (index - 216) * 10;
  return `rgb(${(index < 216 ? [step(36), step(6), step(1)] : [grey, grey, grey]).join(',')})`;
});

const CELL = { width: 9.03, height: 19, size: 15 };
const EDGE = 8;

/** The screen as an SVG picture; `light` on a white background. */
export function svgOf(terminal: Terminal, { light = false }: { light?: boolean } = {}): string {
  const ink = light ? '#333333' : '#d4d4d4';
  const paper = light ? '#ffffff' : '#1e1e1e';
  const palette = [...(light ? LIGHT : DARK), ...FIXED];
  const shapes: string[] = [];
  for (let row = 0; row < terminal.rows; row += 1) {
    for (let column = 0; column < terminal.cols; column += 1) {
      const cell = cellAt(terminal, column, row);
      if (cell !== undefined) shapes.push(shapeOf(cell, column, row, { ink, paper, palette }));
    }
  }
  const width = Math.ceil(terminal.cols * CELL.width) + 2 * EDGE;
  const height = terminal.rows * CELL.height + 2 * EDGE;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
    `<rect width="100%" height="100%" fill="${paper}"/>` +
    `<g font-family="DejaVu Sans Mono, Noto Sans Mono CJK SC, monospace" font-size="${CELL.size}" xml:space="preserve">` +
    `${shapes.join('')}</g></svg>`
  );
}

interface Colors {
  ink: string;
  paper: string;
  palette: readonly string[];
}

function shapeOf(cell: Cell, column: number, row: number, colors: Colors): string {
  const front = cell.foreground === undefined ? colors.ink : (colors.palette[cell.foreground] ?? colors.ink);
  const back =
    cell.background === undefined ? colors.paper : (colors.palette[cell.background] ?? colors.paper);
  const [fill, ground] = cell.inverse ? [back, front] : [front, back];
  const x = (EDGE + column * CELL.width).toFixed(2);
  const y = EDGE + row * CELL.height;
  const box =
    ground === colors.paper
      ? ''
      : `<rect x="${x}" y="${y}" width="${CELL.width + 0.1}" height="${CELL.height}" fill="${ground}" shape-rendering="crispEdges"/>`;
  if (cell.text.trim() === '') return box;
  const style = [
    cell.bold ? ' font-weight="bold"' : '',
    cell.dim ? ' opacity="0.6"' : '',
    cell.underline ? ' text-decoration="underline"' : '',
  ].join('');
  const baseline = (y + CELL.height * 0.76).toFixed(2);
  return `${box}<text x="${x}" y="${baseline}" fill="${fill}"${style}>${escaped(cell.text)}</text>`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

function escaped(text: string): string {
  return text.replaceAll(/[&<>]/g, (char) => ENTITIES[char] ?? char);
}
