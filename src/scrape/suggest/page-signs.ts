import { getText, select } from '../extract/select.ts';
import type { Page } from '../lib/page.ts';

/** What a page may be instead of the page with the rows. */
export const PAGE_SIGNS = ['captcha', 'sign_in', 'blocked', 'consent', 'error_page', 'empty'] as const;
export type PageSign = (typeof PAGE_SIGNS)[number];

const CAPTCHA =
  '.g-recaptcha, .h-captcha, .cf-turnstile, #challenge-form, #challenge-running, #cf-wrapper, iframe[src*="captcha"], iframe[src*="challenges.cloudflare"], form[action*="captcha" i], #captcha, .captcha, img[src*="captcha" i]';
const CAPTCHA_TITLE =
  /just a moment|attention required|are you (?:a )?(?:human|robot)|security check|captcha/i;
const SIGN_IN_TITLE =
  /\b(?:log ?in|sign ?in|anmeld\w*|einloggen|connexion|se connecter|iniciar sesi[oó]n)\b/i;
const BLOCKED =
  /access (?:is |has been )?(?:denied|blocked)|you (?:have been|are) blocked|forbidden|unusual traffic|too many requests|rate limit|zugriff (?:verweigert|gesperrt)|accès refusé/i;
const ERROR_PAGE =
  /\b(?:404|410|500|502|503)\b|not found|page (?:does not|doesn['’]t) exist|internal server error|service unavailable|under maintenance|maintenance mode|wartung|seite nicht gefunden/i;
const CONSENT = /consent|cookie|gdpr|\bcmp\b|cmp[-_]|onetrust|didomi|sp_message|usercentrics|privacy/i;
const CONSENT_SAID =
  /before you continue|(?:value|respect) your privacy|privacy (?:settings|preferences)|we use cookies|cookie (?:settings|consent|preferences)|bevor (?:sie|du) fort|privatsph[aä]re|respect de (?:votre|la) vie priv/i;
/** What the buttons of such a dialog say, by language: English, German, French, Spanish, Italian, Dutch, Polish. */
const ACCEPTS =
  /^(?:accept (?:all|cookies)|i agree|(?:alle )?(?:cookies )?(?:akzeptieren|zulassen)|(?:allen )?zustimmen|tout accepter|(?:j['’])?accepter?(?: (?:et fermer|tout|les cookies))?|aceptar(?: todo| todas)?(?: las cookies)?|accetta(?: tutt[oi])?(?: i cookie)?|alles accepteren|(?:alle )?cookies accepteren|akceptuj(?:ę)?(?: wszystkie)?|zaakceptuj wszystkie)\b/i;
/** Pages with less text have hardly any content. Characters. */
const LITTLE_TEXT = 600;
const EMPTY_TEXT = 80;

/** Returns the visible text of a page in one line. */
export function getPageText(page: Page): string {
  const [body = page.$.root()[0]] = select(page, 'body');
  return body === undefined ? '' : getText(body).replaceAll(/\s+/g, ' ').trim();
}

/** Returns the title of a page in one line; empty if it has none. */
export function getTitle(page: Page): string {
  const [title] = select(page, 'title');
  return title === undefined ? '' : getText(title).replaceAll(/\s+/g, ' ').trim();
}

/** Finds signs that a page is something else than a page of rows. A page of rows may have some of them, too. */
export function findPageSigns(page: Page): PageSign[] {
  const title = getTitle(page);
  const text = getPageText(page);
  const isShort = text.length < LITTLE_TEXT;
  const headings = select(page, 'h1, h2').slice(0, 3).map(getText).join(' ');
  const said = `${title} ${headings} ${isShort ? text : ''}`;
  const has: Record<PageSign, boolean> = {
    captcha: select(page, CAPTCHA).length > 0 || CAPTCHA_TITLE.test(title),
    sign_in: select(page, 'input[type="password"]').length > 0 || (isShort && SIGN_IN_TITLE.test(said)),
    blocked: BLOCKED.test(said),
    consent:
      (isShort || CONSENT_SAID.test(`${title} ${headings}`)) &&
      (hasConsentForm(page) || hasAcceptButton(page, text)),
    error_page: ERROR_PAGE.test(isShort ? said : title),
    empty: text.length < EMPTY_TEXT,
  };
  return PAGE_SIGNS.filter((sign) => has[sign]);
}

function hasAcceptButton(page: Page, text: string): boolean {
  if (!/cookie/i.test(text)) return false;
  return select(page, 'button, [role="button"], a, input[type="submit"]')
    .slice(0, 500)
    .some((button) => ACCEPTS.test((getText(button) || (button.attribs['value'] ?? '')).trim()));
}

function hasConsentForm(page: Page): boolean {
  return select(page, '[id], [class], form[action]')
    .slice(0, 2_000)
    .some(({ attribs }) =>
      CONSENT.test(`${attribs['id'] ?? ''} ${attribs['class'] ?? ''} ${attribs['action'] ?? ''}`),
    );
}
