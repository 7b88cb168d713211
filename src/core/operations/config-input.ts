import * as z from 'zod';
import { MAX_CONFIG_BYTES } from '../configs/config-size.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { once } from '../lib/once.ts';
import { refineWith } from '../model/field-errors.ts';

export const configNameInput = once(() =>
  z.string().min(1).describe('The whole name of the configuration (list_configs shows it)'),
);

/** The text of a configuration, as input. */
export const yamlInput = once(() =>
  z
    .string()
    .min(1)
    .max(MAX_CONFIG_BYTES)
    .superRefine(refineWith(assertText))
    .describe(
      "The whole YAML 1.2 text, at most 2 MB, such as {url: 'https://shop.example/', item: li.book, selectors: " +
        '{title: h3, link: {selector: a, attribute: href}}}',
    ),
);

export const ifConfigRevisionInput = once(() =>
  z
    .string()
    .min(1)
    .optional()
    .describe('Only when the configuration still has this revision (from get_config); otherwise conflict'),
);

function assertText(yaml: string): void {
  // Longer texts are already rejected by their number of characters.
  if (yaml.length <= MAX_CONFIG_BYTES && Buffer.byteLength(yaml) > MAX_CONFIG_BYTES) {
    throw invalidYaml(
      `has ${Buffer.byteLength(yaml)} bytes in UTF-8; a configuration may have ${MAX_CONFIG_BYTES}`,
    );
  }
  if (yaml.includes('\0')) throw invalidYaml('holds a zero byte, which no YAML may');
  if (/\p{Surrogate}/u.test(yaml)) throw invalidYaml('holds half a character (an unpaired surrogate)');
}

function invalidYaml(reason: string): QuickscrapeError {
  return new QuickscrapeError('invalid_params', `yaml: ${reason}`);
}
