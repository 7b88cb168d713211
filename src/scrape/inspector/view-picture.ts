import type { PageRequest } from '../../core/configs/scraper-protocol.ts';
import type { PageResponse } from '../../core/configs/shown-page.ts';
import { resolveHome } from '../../core/fs/paths.ts';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import { findBrowser } from '../../core/process/find-browser.ts';
import { Settings } from '../../core/settings/settings.ts';
import { browserNotFoundError } from '../browser/browser-error.ts';
import { pictureHtml } from '../browser/page-picture.ts';
import type { LoadedPage } from './page-loader.ts';

/** A picture of a live page comes from the browser that fetched it; others are made of their HTML. */
export async function viewPicture(
  { page, text, picture }: LoadedPage,
  { home, time_limit_ms }: PageRequest,
): Promise<Pick<PageResponse, 'image' | 'next_offset' | 'notes' | 'revision'>> {
  const rest = { next_offset: null, revision: '' };
  if (picture !== undefined)
    return {
      image: picture,
      ...rest,
      notes: ['the page without its images, as a browser of this program shows it'],
    };
  if (text !== undefined || page.isXml)
    throw new QuickscrapeError('invalid_params', 'as: this page is no HTML, so there is no picture of it', {
      field: 'as',
      hint: 'as: text or outline shows it.',
    });
  const found = findBrowser(new Settings(resolveHome({ home })).get('browser_path'));
  if ('missing' in found) {
    const { message, hint } = browserNotFoundError(found.missing);
    throw new QuickscrapeError('invalid_params', `as: ${message}`, {
      field: 'as',
      hint: `${hint} Without one, as: outline shows the page.`,
    });
  }
  const image = await pictureHtml(page.$.html(), found.path, AbortSignal.timeout(time_limit_ms));
  const notes = [
    'the HTML of the page without network and scripts: style sheets and images of the site are missing',
  ];
  return { image, ...rest, notes };
}
