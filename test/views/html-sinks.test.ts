import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const FOLDER = new URL('../../src/views/', import.meta.url);
/** What reads a text as HTML, as script or as an address. */
const SINKS =
  /\b(?:innerHTML|outerHTML|insertAdjacentHTML|setHTML\w*|srcdoc|DOMParser|createContextualFragment|eval|Function|importScripts)\b|document\.write|\.(?:href|src|action|cssText)\b|setAttribute\((?!'aria-label')/;

it.each(readdirSync(FOLDER).filter((name) => name.endsWith('.ts')))(
  'shows values from web pages as text only: %s',
  (name) => {
    const source = readFileSync(new URL(name, FOLDER), 'utf8');
    expect(SINKS.exec(source)?.[0]).toBeUndefined();
  },
);
