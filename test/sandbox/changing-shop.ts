import { onTestFinished } from 'vitest';
import { makeBookshop } from '../../src/sandbox/bookshop.ts';
import type { Site } from '../../src/sandbox/site-server.ts';
import { serveSite } from '../../src/sandbox/site-server.ts';
import { NINE } from './open-shop.ts';

/** The bookshop, whose owner changes the markup of all pages, or the time of its prices, while the test goes on. */
export async function openChangingShop() {
  let time = NINE;
  const now = () => time;
  let shop = await serveSite(makeBookshop, { now });
  const { url, port } = shop;
  onTestFinished(() => shop.close());
  return {
    url,
    /** From now on each page is what `edit` makes of it, at the same address. */
    async change(edit: (html: string) => string): Promise<void> {
      await shop.close();
      shop = await serveSite(() => edited(makeBookshop(), edit), { port, now });
    },
    setTime(at: Date): void {
      time = at;
    },
  };
}

function edited({ resources, ...site }: Site, edit: (html: string) => string): Site {
  const pages = [...resources].map(
    ([path, resource]) => [path, { ...resource, render: (at: Date) => edit(resource.render(at)) }] as const,
  );
  return { ...site, resources: new Map(pages) };
}
