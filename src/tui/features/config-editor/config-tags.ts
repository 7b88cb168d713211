/** What is asked about a configuration, and of whom the answer is expected. */
export type ConfigQuestion =
  /** Its text is in an editor. */
  | { readonly what: 'edit' | 'delete'; readonly name: string }
  /** `draft` is the id of the draft that is meant. */
  | { readonly what: 'check' | 'save'; readonly name: string; readonly draft: number }
  /** What a run has found. */
  | { readonly what: 'run'; readonly runId: string }
  /** A run of the job that uses it. */
  | { readonly what: 'again' };

/** The tag of the effect that asks it. */
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

/** The question that a tag belongs to; `undefined` for a tag of others. */
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
