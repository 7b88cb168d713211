/** The resource at one address of a site. */
export interface Resource {
  contentType: string;
  /** Returns the content during the hour that begins `at`. */
  render(at: Date): string;
  /** When the content that {@link render} returns for that hour last changed; absent when that is not known. */
  changedAt?(at: Date): Date;
}

/** A site by the paths of its resources; the path of a folder stands for its `index.html`. */
export interface Site {
  resources: ReadonlyMap<string, Resource>;
  /** Renders the page that reports that nothing exists at `path`. */
  renderNotFound(path: string): string;
}

export const HTML = 'text/html; charset=utf-8';
