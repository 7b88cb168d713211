import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Requirement } from './requirement.ts';
import { BEYOND, PROMISES } from './requirements.ts';

const path = (file: string) => fileURLToPath(new URL(`../${file}`, import.meta.url));
const PAGE = path('docs/explanation/reliability.md');
const FROM = '<!-- Written by UPDATE_DOCS=1 npx vitest run test/requirements.test.ts -->\n\n';
const TO = '<!-- End of what is written -->\n';

/** The text with its lines joined, as it reads. */
const joined = (text: string) => text.replaceAll(/\s+/g, ' ');

/** Whether a test or group of that title stands in the source; `…` is what is filled in. */
function hasTest(source: string, title: string): boolean {
  const parts = title.split('…').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`['"\`]${parts.join('(?:\\$\\{[^}]*\\}|%[a-z.0-9]+)')}['"\`]`).test(source);
}

function section({ text, how, proofs }: Requirement, index?: number): string {
  const title = index === undefined ? `**${text}.**` : `**${index + 1}. ${text}**`;
  const lines = Object.entries(proofs).flatMap(([file, titles]) => [
    `- \`${file}\``,
    ...titles.map((one) => `  - ${one}`),
  ]);
  return `${title}\n\n${how}\n\n${lines.join('\n')}\n`;
}

describe('the promises', () => {
  it('the README leads to every promise, in these words', () => {
    expect(readFileSync(path('README.md'), 'utf8')).toContain(
      '(docs/explanation/reliability.md#the-promises-and-their-proofs)',
    );
    const printed = joined(readFileSync(PAGE, 'utf8'));
    for (const { text } of PROMISES) expect(printed).toContain(text);
  });

  it('docs/explanation/reliability.md says how each is kept and proved, as test/requirements.ts has it', () => {
    const page = readFileSync(PAGE, 'utf8');
    const [before = '', rest = ''] = page.split(FROM);
    const [, after = ''] = rest.split(TO);
    const promises = PROMISES.map(section).join('\n');
    const written = `${promises}\n### Beyond the promises\n\n${BEYOND.map((one) => section(one)).join('\n')}\n`;
    const wanted = `${before}${FROM}${written}${TO}${after}`;
    if (process.env['UPDATE_DOCS']) writeFileSync(PAGE, wanted);
    expect(readFileSync(PAGE, 'utf8')).toBe(wanted);
  });
});

describe.each([...PROMISES, ...BEYOND].map((requirement) => [requirement.text, requirement] as const))(
  '“%s”',
  (_, { proofs }) => {
    it('has a proof, and each test that is named exists', () => {
      const named = Object.entries(proofs).flatMap(([file, titles]) =>
        titles.map((title) => [file, title] as const),
      );
      expect(named.length).toBeGreaterThan(0);
      for (const [file, title] of named) {
        const source = existsSync(path(file)) ? readFileSync(path(file), 'utf8') : '';
        expect(hasTest(source, title), `"${title}" in ${file}`).toBe(true);
      }
    });
  },
);
