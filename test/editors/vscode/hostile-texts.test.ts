import { describe, expect, it } from 'vitest';
import { plainText } from '../../../editors/vscode/src/failures.ts';
import { itemsPage } from '../../../editors/vscode/src/items-page.ts';

const EVIL = `<img src=x onerror="alert(1)"><script>alert('2')</script>&lt;`;

describe('the page of items', () => {
  const page = itemsPage(
    { title: EVIL, items: [{ [EVIL]: EVIL, link: 'javascript:alert(1)' }], total: 1 },
    'n0nce',
  );

  it('has no element that comes from an item, its names or its title', () => {
    expect(page).not.toMatch(/<(?:img|script|a|iframe|object)\b/i);
    expect(page).not.toContain("alert('2')");
    expect(page).toContain('&lt;img src=x onerror=&quot;alert(1)&quot;&gt;');
    expect(page).toContain('&amp;lt;');
  });

  it('allows its own style and nothing else', () => {
    expect(page).toContain(
      `content="default-src 'none'; style-src 'nonce-n0nce'; base-uri 'none'; form-action 'none'"`,
    );
    expect(page.match(/nonce/g)).toHaveLength(2);
  });

  it('shows what is no text, cuts what is long, and says how many are left out', () => {
    const long = 'x'.repeat(10_000);
    const items = [{ a: null, b: [1, { c: '<b>' }], d: long }];
    const text = itemsPage({ title: 't', items, total: 1234 }, 'n');
    expect(text).toContain('<p>The first 1 of 1,234 items</p>');
    expect(text).toContain('<td>[1,{&quot;c&quot;:&quot;&lt;b&gt;&quot;}]</td>');
    expect(text.length).toBeLessThan(4_000);
  });
});

describe('a text in a message', () => {
  it('has no link, no control characters and one line', () => {
    expect(plainText('see [this](command:workbench.action.quit)\u001b[31m red\r\n\u202enext')).toBe(
      'see [this] (command:workbench.action.quit) red next',
    );
    expect(plainText('x'.repeat(1_000))).toHaveLength(300);
  });
});
