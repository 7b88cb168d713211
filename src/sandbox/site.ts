/** What is at one address of a site. */
export interface Resource {
  contentType: string;
  /** The content as it is during the hour that begins `at`. */
  render(at: Date): string;
  /** When the content that {@link render} gives for that hour last changed; absent when nobody knows. */
  changedAt?(at: Date): Date;
}

/** A site by the paths of its resources; the path of a folder stands for its `index.html`. */
export interface Site {
  resources: ReadonlyMap<string, Resource>;
  /** The page that explains that there is nothing at `path`. */
  renderNotFound(path: string): string;
}

export const HTML = 'text/html; charset=utf-8';
