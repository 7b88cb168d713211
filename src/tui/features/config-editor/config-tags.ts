/** A request about a configuration. Its tag connects the answer to it. */
export type ConfigQuestion =
  /** `edit`: the text is open in an external editor. `delete`: the configuration is being deleted. */
  | { readonly what: 'edit' | 'delete'; readonly name: string }
  /** `draft` is the id of the draft. */
  | { readonly what: 'check' | 'save'; readonly name: string; readonly draft: number }
  /** The results of a run. */
  | { readonly what: 'run'; readonly runId: string }
  /** A new run of a job that uses the configuration. */
  | { readonly what: 'again' };

/** The tag of the effect for this question. */
export function configTag(question: ConfigQuestion): string {
  switch (question.what) {
    case 'edit':
    case 'delete':
      return `configs.${question.what}:${question.name}`;
    case 'check':
    case 'save':
      return `configs.${question.what}:${question.draft}:${question.name}`;
    case 'run':
      return `configs.run:${question.runId}`;
    case 'again':
      return 'configs.again';
    default:
      return question satisfies never;
  }
}

/** The question that a tag belongs to; `undefined` for a tag of another feature. */
export function configQuestion(tag: string): ConfigQuestion | undefined {
  const [, what, rest = ''] = /^configs\.(\w+)(?::(.*))?$/.exec(tag) ?? [];
  switch (what) {
    case 'edit':
    case 'delete':
      return { what, name: rest };
    case 'check':
    case 'save': {
      const [draft, name = ''] = rest.split(':');
      return { what, name, draft: Number(draft) };
    }
    case 'run':
      return { what, runId: rest };
    case 'again':
      return { what };
    default:
      return undefined;
  }
}
