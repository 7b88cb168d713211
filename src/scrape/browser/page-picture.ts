import type { BrowserContext, Page as BrowserPage } from 'playwright-core';
import { launchBrowser } from './launch-browser.ts';

/** A picture of a page. */
export interface PagePicture {
  mime_type: string;
  /** Base64. */
  data: string;
  /** Pixels. */
  width: number;
  height: number;
}

const MAX_WIDTH = 1_280;
/** The part of a long page that is shown, in pixels of the page. */
const MAX_HEIGHT = 3_000;
/** The largest picture, in characters of Base64. */
const MAX_CHARACTERS = 900_000;
/** Tried one after the other until the picture is small enough. */
const LEVELS = [
  { scale: 0.75, quality: 60 },
  { scale: 0.5, quality: 50 },
  { scale: 0.4, quality: 30 },
] as const;

/** Takes a picture of what a browser shows: the top of the page, scaled down. */
export async function takePicture(page: BrowserPage): Promise<PagePicture> {
  const session = await page.context().newCDPSession(page);
  const { cssContentSize } = await session.send('Page.getLayoutMetrics');
  const width = Math.max(1, Math.min(MAX_WIDTH, Math.ceil(cssContentSize.width)));
  const height = Math.max(1, Math.min(MAX_HEIGHT, Math.ceil(cssContentSize.height)));
  let picture: PagePicture | undefined;
  for (const { scale, quality } of LEVELS) {
    const { data } = await session.send('Page.captureScreenshot', {
      format: 'jpeg',
      quality,
      clip: { x: 0, y: 0, width, height, scale },
      captureBeyondViewport: true,
    });
    picture = {
      mime_type: 'image/jpeg',
      data,
      width: Math.round(width * scale),
      height: Math.round(height * scale),
    };
    if (data.length <= MAX_CHARACTERS) break;
  }
  await session.detach();
  if (picture === undefined) throw new Error('no picture was taken');
  return picture;
}

/**
 * Takes a picture of a page's HTML, in a browser without network and scripts.
 * @param path the browser's executable
 * @throws ScrapeError `browser`, `cancelled`
 */
export async function pictureHtml(html: string, path: string, signal: AbortSignal): Promise<PagePicture> {
  const running = await launchBrowser({ path, userAgent: 'quickscrape', signal, log() {} });
  try {
    return await takePicture(await showHtml(running.context, html));
  } finally {
    await running.close();
  }
}

async function showHtml(context: BrowserContext, html: string): Promise<BrowserPage> {
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Emulation.setScriptExecutionDisabled', { value: true });
  const { frameTree } = await session.send('Page.getFrameTree');
  await session.send('Page.setDocumentContent', { frameId: frameTree.frame.id, html });
  return page;
}
