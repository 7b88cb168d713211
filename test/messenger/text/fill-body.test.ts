import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fillBody } from '../../../src/messenger/text/fill-body.ts';

const FORM = 'application/x-www-form-urlencoded';
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
  expect(fillBody('{error}', { error: VALUE }, type)).toBe(expected);
});

it('half a character does not stop a form', () => {
  expect(fillBody('{error}', { error: '\ud83d' }, FORM)).toBe('%EF%BF%BD');
});

/** Reads a body as its receiver does, and returns the text in which the template has a value. */
const NESTED: readonly [string, string, string, (body: string) => unknown][] = [
  ['JSON within a form', FORM, 'a=1&payload={"text":"{error}"}', (body) => readForm(body, 'payload')],
  [
    'JSON that is encoded in a form',
    FORM,
    'payload=%7B%22text%22:+%22{error}%22%7D&b=2',
    (body) => readForm(body, 'payload'),
  ],
  [
    'JSON within JSON',
    'application/json',
    '{"to": "me", "body": "{\\"text\\": \\"{error}\\"}"}',
    (body) => JSON.parse(JSON.parse(body).body),
  ],
  [
    'JSON within JSON within a form',
    FORM,
    'p={"body":"{\\"text\\":\\"{error}\\"}"}',
    (body) => JSON.parse((readForm(body, 'p') as { body: string }).body),
  ],
  ['JSON that is sent as a text', 'text/plain', '{"text": "{error}"}', (body) => JSON.parse(body)],
];

function readForm(body: string, name: string): unknown {
  return JSON.parse(new URLSearchParams(body).get(name) ?? '');
}

it.each(NESTED)('no value adds a field to %s', (_, type, template, read) => {
  const evil = '2","channel":"#general","text":"<!channel> \\" &b=3 %22';
  expect(read(fillBody(template, { error: evil }, type))).toEqual({ text: evil });
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (error) => {
      expect(read(fillBody(template, { error }, type))).toEqual({ text: error });
    }),
  );
});

it('a value has entities where a text of JSON or a form is markup', () => {
  const error = '<a href="x">&';
  const escaped = '&lt;a href=&quot;x&quot;&gt;&amp;';
  const html = '{"body": "{error}", "html": "<b>{error}</b>"}';
  expect(JSON.parse(fillBody(html, { error }, 'application/json'))).toEqual({
    body: error,
    html: `<b>${escaped}</b>`,
  });
  const form = new URLSearchParams(fillBody('xml=<m>{error}</m>&t={error}', { error }, FORM));
  expect([form.get('xml'), form.get('t')]).toEqual([`<m>${escaped}</m>`, error]);
});

it('a template keeps what is its own: numbers, other texts, a "%" and an unknown name', () => {
  const fields = { error: 'a"b', items: '7' };
  const json = '{"n": {items}, "own": "\\u00e9 [x]", "t": "[{items}] {error} {unknown}", "a": [{items}]}';
  expect(fillBody(json, fields, 'application/json')).toBe(
    '{"n": 7, "own": "\\u00e9 [x]", "t": "[7] a\\"b {unknown}", "a": [7]}',
  );
  expect(fillBody('p=100%&t=5% of {error}&{items}=1', fields, FORM)).toBe('p=100%&t=5% of a%22b&7=1');
  expect(fillBody('[{items}] "{error}"', fields, 'text/plain')).toBe('[7] "a"b"');
});

it('markup has no character that XML forbids', () => {
  expect(fillBody('<t>{error}</t>', { error: 'a\uffff\ufffe\ud83d😀\u{1fffe}' }, 'application/xml')).toBe(
    '<t>a\ufffd\ufffd\ufffd😀\u{1fffe}</t>',
  );
});
