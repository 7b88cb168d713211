import { Document, Scalar, visit } from 'yaml';
import { escapeControlCharacters, hasControlCharacters } from '../../core/lib/terminal-text.ts';

/** Formats a result as YAML; terminal control characters are escaped inside double quotes. */
export function toYaml(value: unknown): string {
  const document = new Document(value, { aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value === 'string' && hasControlCharacters(node.value)) node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return escapeControlCharacters(document.toString({ lineWidth: 0 }));
}
