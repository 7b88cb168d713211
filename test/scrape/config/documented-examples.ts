import { readFileSync } from 'node:fs';

const PAGE = new URL('../../../docs/reference/configuration.md', import.meta.url);

/** The YAML of docs/reference/configuration.md as whole configurations, in the order of the page. */
export function documentedExamples(): string[] {
  const text = readFileSync(PAGE, 'utf8');
  return [...text.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, yaml = '']) => whole(yaml));
}

/** An example shows some keys: the ones that every configuration needs are added. */
function whole(example: string): string {
  const url = /^(?:urls?|sitemap|urls_from):/m.test(example) ? '' : 'url: "https://books.example/"\n';
  const selectors = /^selectors:/m.test(example) ? '' : 'selectors: {title: "h1"}\n';
  return url + selectors + example;
}
