import { Document, Scalar, visit } from 'yaml';
import { escapeUnseen, hasUnseen } from './visible-text.ts';

/** A result as YAML; characters that could steer a terminal are escaped inside double quotes. */
export function toYaml(value: unknown): string {
  const document = new Document(value, { aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value === 'string' && hasUnseen(node.value)) node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return escapeUnseen(document.toString({ lineWidth: 0 }));
}
