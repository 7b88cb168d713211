import type { SelectorPart } from '../../core/model/selector-part.ts';

/** What a table calls a selector: its field, or what else it finds, in brackets, as a field may be called so, too. */
export function selectorLabel({ part, field }: { part: SelectorPart; field: string }): string {
  return part === 'field' ? field : `[${part}]`;
}
