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
      others.filter((name) => readFileSync(`dist/${name}`, 'utf8').includes('node_modules/bullmq/')),
    ).toEqual([]);
    const bundle = readFileSync('dist/workers.js', 'utf8');
    expect(bundle).not.toContain('node_modules/msgpackr-extract');
    expect(bundle).not.toContain('node_modules/bullmq/dist/esm/postgres');
    expect(bundle).toContain('node_modules/bullmq/dist/esm/classes/queue-base.js');
  });

  it('loads what sends traces with their variable only', () => {
    const isTracing = (name: string) => readFileSync(`dist/${name}`, 'utf8').includes('@opentelemetry/');
    const tracing = readdirSync('dist').filter((name) => name.endsWith('.js') && isTracing(name));
    expect(tracing).toEqual([expect.stringMatching(/^chunk-otlp-tracing-/)]);
    const others = readdirSync('dist').filter((name) => name.endsWith('.js') && !tracing.includes(name));
    const imports = others.filter((name) =>
      new RegExp(`(?:from|^import) ?"\\./${tracing[0]}"`, 'm').test(readFileSync(`dist/${name}`, 'utf8')),
    );
    expect(imports).toEqual([]);
    expect(readFileSync('dist/workers.js', 'utf8')).toContain(`import("./${tracing[0]}")`);
  });
});
