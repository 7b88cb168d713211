import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

describe('the bundle of workers on other machines', () => {
  it('is loaded by no other file on its own, and contains no native code', () => {
    const others = readdirSync('dist').filter((name) => name.endsWith('.js') && name !== 'workers.js');
    const loading = others.filter((name) =>
      /(?:from|import\() ?"\.\/workers\.js"/.test(readFileSync(`dist/${name}`, 'utf8')),
    );
    expect(loading).toEqual([]);
    expect(
      others.filter((name) => readFileSync(`dist/${name}`, 'utf8').includes('node_modules/bullmq')),
    ).toEqual([]);
    const bundle = readFileSync('dist/workers.js', 'utf8');
    expect(bundle).not.toContain('node_modules/msgpackr-extract');
    expect(bundle).not.toContain('node_modules/bullmq/dist/esm/postgres');
    expect(bundle).toContain('node_modules/bullmq/dist/esm/classes/worker.js');
  });
});
