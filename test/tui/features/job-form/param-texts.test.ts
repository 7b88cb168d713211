import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DEFINITION_DEFAULTS } from '../../../../src/core/model/definition.ts';
import type { ParamValues } from '../../../../src/core/model/params.ts';
import { parseFormTexts, toFormTexts } from '../../../../src/tui/features/job-form/form-values.ts';
import type { FormPatch } from '../../../../src/tui/features/job-form/model.ts';
import { paramPath, textAt, withPatch } from '../../../../src/tui/features/job-form/param-texts.ts';

const SCHEDULE = { type: 'hourly', minute: 0, timezone: 'UTC' } as const;

function jobWith(params: ParamValues | null) {
  return { ...DEFINITION_DEFAULTS, config_name: 'shop', schedule: SCHEDULE, params };
}

const name = fc.oneof(
  fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/),
  fc.constantFrom('a=b', 'c,d', '{', '', 'x.y', '__proto__', 'constructor'),
);
const value = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.constantFrom(' padded ', 'a, b=c', '{"a":1}', '\n', 3, -0.5, true, false),
);
const values = fc.dictionary(name, value, { maxKeys: 4, noNullPrototype: true });

it('a row shows the value of its parameter, whatever it is, and the others stay as they are when it changes', () => {
  fc.assert(
    fc.property(values, name, fc.string({ maxLength: 12 }), (params, changed, text) => {
      const texts = toFormTexts(jobWith(params));
      for (const [each, given] of Object.entries(params))
        expect(textAt(texts, paramPath(each))).toBe(String(given));
      const next = withPatch(texts, { [paramPath(changed)]: text });
      expect(textAt(next, paramPath(changed))).toBe(text);
      const { [changed]: _, ...others } = params;
      for (const [each, given] of Object.entries(others))
        expect(textAt(next, paramPath(each))).toBe(String(given));
      // What was not touched is the same value: a number is still one, and blanks around a text stay.
      const stored = parseFormTexts(next, jobWith(params))['params'];
      expect(Object.fromEntries(Object.entries(stored ?? {}).filter(([each]) => each !== changed))).toEqual(
        others,
      );
      // A row that is put back makes the text of before.
      const before = Object.hasOwn(params, changed) ? String(params[changed]) : '';
      if (before !== '' || !Object.hasOwn(params, changed))
        expect(withPatch(next, { [paramPath(changed)]: before }).params).toBe(texts.params);
    }),
  );
});

it('keeps blanks while they are typed, and stores a value without those around it', () => {
  const patch: FormPatch = { 'params.city': ' new york ' };
  const texts = withPatch(toFormTexts(jobWith({ pages: 3 })), patch);
  expect(textAt(texts, 'params.city')).toBe(' new york ');
  expect(parseFormTexts(texts, jobWith({ pages: 3 }))['params']).toEqual({ city: 'new york', pages: 3 });
});

it('an empty row gives no value', () => {
  const job = jobWith({ city: 'berlin' });
  const texts = withPatch(toFormTexts(job), { 'params.city': '' });
  expect(texts.params).toBe('');
  expect(parseFormTexts(texts, job)['params']).toBeNull();
  expect(parseFormTexts(texts, undefined)).not.toHaveProperty('params');
  const blank = withPatch(toFormTexts(job), { 'params.city': '  ' });
  expect(parseFormTexts(blank, job)['params']).toBeNull();
});
