import { expect, it } from 'vitest';
import { formatMetrics } from '../../../src/cli/render/format-metrics.ts';
import { parseMetrics } from '../parse-metrics.ts';

const family = (labels: Record<string, string>, value = 1) => ({
  name: 'quickscrape_x_seconds',
  type: 'gauge' as const,
  unit: 'seconds' as const,
  help: 'What it is.',
  samples: [{ labels, value }],
});

it('writes each family with its type, unit and meaning, and ends as OpenMetrics asks', () => {
  expect(formatMetrics([family({ job: 'news' }, 0.25)])).toBe(
    [
      '# TYPE quickscrape_x_seconds gauge',
      '# UNIT quickscrape_x_seconds seconds',
      '# HELP quickscrape_x_seconds What it is.',
      'quickscrape_x_seconds{job="news"} 0.25',
      '# EOF',
      '',
    ].join('\n'),
  );
});

it.each(['a"b', 'a\\b', 'a\nb', '\\n', '\\', '"} 5', 'ü 漢 🦊', ''])(
  'a reader gets back the label %j',
  (host) => {
    const [read] = parseMetrics(formatMetrics([family({ job: 'j', host })]));
    expect(read?.samples).toEqual([{ labels: { job: 'j', host }, value: 1 }]);
  },
);

it('replaces what would control a terminal, and halves of characters', () => {
  const text = formatMetrics([family({ host: 'a\u001b[31mb\ud800' })]);
  expect(text).toContain('{host="a\ufffd[31mb\ufffd"}');
});
