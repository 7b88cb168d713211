// Ink's own writer with a screen that is read from a file, one line of which changes with each key.
// Usage: FILE [incremental], FILE the lines as JSON
import { readFileSync } from 'node:fs';
import { Box, render, Text, useInput } from 'ink';
import { createElement, useState } from 'react';

const [file, how] = process.argv.slice(2);
const lines = JSON.parse(readFileSync(file, 'utf8'));

function Screen() {
  const [count, setCount] = useState(0);
  useInput((input) => setCount((before) => before + input.length));
  const rows = lines.map((line, row) =>
    // Ink gives an empty text no line.
    createElement(Text, { key: row, wrap: 'truncate' }, row === 5 && count > 0 ? 'changed' : line || ' '),
  );
  return createElement(Box, { flexDirection: 'column' }, ...rows);
}

render(createElement(Screen), { patchConsole: false, incrementalRendering: how === 'incremental' });
