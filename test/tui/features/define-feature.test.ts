import { describe, expect, it } from 'vitest';
import { defineFeature, mergeParts } from '../../../src/tui/features/define-feature.ts';

describe('the parts of all features', () => {
  it('become one object, and features without such parts are left out', () => {
    expect(mergeParts([{ jobs: 1 }, undefined, { log: 2, runs: 3 }])).toEqual({ jobs: 1, log: 2, runs: 3 });
    expect(mergeParts([])).toEqual({});
  });

  it('must have different names: the dashboard does not start with two parts of one name', () => {
    const one = defineFeature({ effects: { use_mouse: () => {} } });
    const other = defineFeature({ effects: { quit: () => {}, use_mouse: () => {} } });
    expect(() => mergeParts<object>([one.effects, undefined, other.effects])).toThrow(
      new TypeError('two features have use_mouse'),
    );
  });

  it('may have the names of what every object inherits', () => {
    expect(Object.keys(mergeParts<object>([{ constructor: 1 }, { toString: 2 }]))).toEqual([
      'constructor',
      'toString',
    ]);
  });
});
