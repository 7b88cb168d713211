// The least that a full-screen program on Ink can be: as many rows as the terminal has, one of which counts the keys.
import { Box, render, Text, useInput } from 'ink';
import { createElement, useState } from 'react';

function Screen() {
  const [count, setCount] = useState(0);
  useInput((input) => {
    if (input === 'q') process.exit(0);
    setCount((before) => before + input.length);
  });
  const rows = Array.from({ length: process.stdout.rows - 1 }, (_, row) =>
    createElement(Text, { key: row }, `row ${row}`),
  );
  return createElement(
    Box,
    { flexDirection: 'column' },
    createElement(Text, null, `keys: ${count}.`),
    ...rows,
  );
}

render(createElement(Screen), { patchConsole: false });
