import { expect, it } from 'vitest';
import { escapeForType } from '../../../src/messenger/text/escape-for-type.ts';

const VALUE = `a&b=c "d" <e> 'f'\n\u001b`;

it.each([
  ['application/json', 'a&b=c \\"d\\" <e> \'f\'\\n\\u001b'],
  ['application/vnd.api+json', 'a&b=c \\"d\\" <e> \'f\'\\n\\u001b'],
  ['multipart/form-data', 'a&b=c \\"d\\" <e> \'f\'\\n\\u001b'],
  ['text/json', 'a&b=c \\"d\\" <e> \'f\'\\n\\u001b'],
  ['', 'a&b=c \\"d\\" <e> \'f\'\\n\\u001b'],
  [' Application/X-WWW-Form-Urlencoded ; charset=utf-8', "a%26b%3Dc%20%22d%22%20%3Ce%3E%20'f'%0A%1B"],
  ['text/plain', `a&b=c "d" <e> 'f'\n\ufffd`],
  ['text/markdown; charset=utf-8', `a&b=c "d" <e> 'f'\n\ufffd`],
  ['text/html', 'a&amp;b=c &quot;d&quot; &lt;e&gt; &#39;f&#39;\n\ufffd'],
  ['text/xml', 'a&amp;b=c &quot;d&quot; &lt;e&gt; &#39;f&#39;\n\ufffd'],
  ['application/xml', 'a&amp;b=c &quot;d&quot; &lt;e&gt; &#39;f&#39;\n\ufffd'],
  ['application/xhtml+xml', 'a&amp;b=c &quot;d&quot; &lt;e&gt; &#39;f&#39;\n\ufffd'],
  ['application/soap+xml', 'a&amp;b=c &quot;d&quot; &lt;e&gt; &#39;f&#39;\n\ufffd'],
])('a value in a template that is sent as %j is escaped for it', (type, expected) => {
  expect(escapeForType(type)(VALUE)).toBe(expected);
});

it('a value in a form field that is JSON can neither end its text nor add a field', () => {
  const type = 'application/x-www-form-urlencoded';
  const template = 'payload={"text":"{changes}"}&x=1';
  const value = '2","channel":"#general"}&y=2';
  const sent = template.replace('{changes}', escapeForType(type, template)(value));
  const fields = new URLSearchParams(sent);
  expect([...fields.keys()]).toEqual(['payload', 'x']);
  expect(JSON.parse(fields.get('payload') ?? '')).toEqual({ text: value });
});

it('what XML refuses is replaced', () => {
  expect(escapeForType('application/xml')('a\uffff\ufffe\ud83d\u{1f600}b')).toBe(
    'a\ufffd\ufffd\ufffd\u{1f600}b',
  );
});

it('half a character does not stop a form', () => {
  expect(escapeForType('application/x-www-form-urlencoded')('\ud83d')).toBe('%EF%BF%BD');
});
