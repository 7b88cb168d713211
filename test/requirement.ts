/** Something that we promise, and the tests that prove it. `docs/explanation/reliability.md` is written from this list. */
export interface Requirement {
  /** As the README prints it, or the topic of what is no promise of its own. */
  text: string;
  /** How it is kept, in a sentence. */
  how: string;
  /** Test files with the titles of tests, or of groups of tests, in them; `…` stands for what is filled in. */
  proofs: Readonly<Record<string, readonly string[]>>;
}
