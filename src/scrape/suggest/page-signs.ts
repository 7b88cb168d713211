import { getText, select } from '../extract/select.ts';
import type { Page, PageElement } from '../lib/page.ts';
import { withDescendants } from './compare-pages.ts';
import { getClasses, getDescendants, getTag } from './dom-helpers.ts';
import { countNames, countPageNames, type ExtractionRules, oncePerPage } from './per-page.ts';

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

const getBodyText = oncePerPage((page) => {
  const [body = page.$.root()[0]] = select(page, 'body');
  return { text: body === undefined ? '' : getText(body).replaceAll(/\s+/g, ' ').trim() };
});

/** Returns the visible text of a page in one line. */
export function getPageText(page: Page): string {
  return getBodyText(page).text;
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

/**
 * What a list without rows says, by language: English, German, French, Spanish, Italian, Dutch, Portuguese, Polish,
 * Scandinavian and Czech, Russian, Japanese, Chinese. A page that was not found is no empty list.
 */
const NO_RESULTS = new RegExp(
  [
    String.raw`(?:no|0|zero) (?!longer|such|pages?\b)(?:[\p{L}-]+ ){0,3}(?:found|available|match(?:es|ed)?|to (?:show|display))`,
    String.raw`(?:no|0|zero) (?:\p{L}+ )?(?:results?|items?|products?|entries|listings?|hits|matches|articles?|offers?|jobs?|events?|books?|records?|posts?)(?!\p{L})`,
    String.raw`nothing (?:was )?(?:found|matche[sd]|to (?:show|display))|found (?:no|nothing|0)(?!\p{L})`,
    "(?:did|do|does)(?:n['’]t| not) (?:match|return|find|have) any|could(?:n['’]t| not) find any",
    'there (?:are|is) (?:currently |now )?no (?!longer)|(?:list|category|section|catalogue?|collection) is (?:currently )?empty',
    String.raw`keine[nr]? (?!seite)(?:[\p{L}-]+ ){0,3}(?:gefunden|vorhanden|verfügbar)|(?:keine?|0) (?:\p{L}+ )?(?:treffer|ergebnisse?|suchergebnisse|einträge|artikel|produkte|angebote|stellen)|nichts gefunden`,
    String.raw`aucune? (?!page)(?:\p{L}+ ){0,3}(?:trouvé|disponible|correspond)|(?:aucun|0|pas de) (?:résultat|produit|article|élément)|rien trouvé`,
    String.raw`no (?:se|hay|hemos|existen) (?:\p{L}+ ){0,3}(?:encontr|resultado|producto|artículo|elemento)|(?:sin|0|ningún) (?:resultado|producto|artículo)`,
    String.raw`nessun[oa]? (?!pagina)(?:\p{L}+ ){0,3}trovat|(?:nessun|0) (?:risultat|prodott|articol|element)|non (?:ci sono|sono stati trovati|abbiamo trovato)`,
    String.raw`geen (?!pagina)(?:[\p{L}-]+ ){0,3}(?:gevonden|beschikbaar)|(?:geen|0) (?:resultaten|producten|artikelen|treffers)`,
    String.raw`nenhuma? (?!página)(?:\p{L}+ ){0,3}(?:encontrad|disponíve)|(?:nenhum|sem|0) (?:resultado|produto|ite[mn])|não (?:há|foram encontrad|encontramos)`,
    '(?:brak|0) (?:wyników|produktów|ofert|wpisów)|nie znaleziono(?! strony)',
    String.raw`(?:inga|ingen|0) (?:\p{L}+ )?(?:träffar|resultat|treff|produkt|hittades|fundet)|nic nenalezeno|žádné výsledky`,
    'ничего не найдено|не найдено|нет результатов',
  ]
    .map((words) => String.raw`(?<![\p{L}\p{N}.,])(?:${words})`)
    .concat('(?<!ページ[がは])見つかりません|該当する.{0,20}ありません', '没有找到|暂无|[无無][结結]果')
    .join('|'),
  'iu',
);

/** A text that says it is short, and has hardly any elements in it. */
const MAX_SAID_CHARACTERS = 160;
const MAX_SAID_ELEMENTS = 4;
const MAX_ELEMENTS = 20_000;
/** This share of the elements around the earlier rows is still there. */
const SAME_FRAME = 0.6;
/** This many new elements of a kind may be rows of another layout. */
const MANY = 3;
const UNSEEN =
  'script, style, noscript, template, head, [hidden], [style*="display:none"], [style*="display: none"]';
const UNSEEN_CLASS = /(?:^|[-_\s])(?:hidden|hide|invisible|d-none)(?:$|\s)/;

/**
 * Whether a page without rows is a list that is empty, and not one of another layout: its frame is that of the earlier
 * page, nothing new repeats on it, and it says that nothing was found, or the element that held the rows is there and
 * empty. Pure.
 * @param before a page on which the selectors had rows
 */
export function isEmptyList(before: Page, now: Page, rules: ExtractionRules): boolean {
  const rows = rules.item === undefined ? [] : select(before, rules.item);
  if (!hasSameFrame(before, now, rows)) return false;
  return saysNoResults(before, now) || isContainerEmpty(before, now, rows);
}

function hasSameFrame(before: Page, now: Page, rows: readonly PageElement[]): boolean {
  const earlier = countPageNames(before);
  const later = countPageNames(now);
  const inRows = countNames(withDescendants(rows));
  const frame = [...earlier].filter(([name, count]) => count > (inRows.get(name) ?? 0));
  const kept = frame.filter(([name]) => later.has(name));
  const isRepeating = [...later].some(([name, count]) => count >= MANY && !earlier.has(name));
  return !isRepeating && kept.length >= frame.length * SAME_FRAME;
}

/** A text that the earlier page had, too, says nothing: it may be of a cart, or be shown by a script. */
function saysNoResults(before: Page, now: Page): boolean {
  const shape = (text: string) => text.replaceAll(/\d+/g, '0').toLowerCase();
  const known = new Set([...listTexts(before)].map(shape));
  for (const text of listTexts(now)) if (NO_RESULTS.test(text) && !known.has(shape(text))) return true;
  return false;
}

function* listTexts(page: Page): Generator<string> {
  const unseen = new Set(select(page, UNSEEN));
  let left = MAX_ELEMENTS;
  const waiting: PageElement[] = [...select(page, ':root')];
  for (let element = waiting.pop(); element !== undefined && left-- > 0; element = waiting.pop()) {
    if (unseen.has(element) || UNSEEN_CLASS.test(element.attribs['class'] ?? '')) continue;
    if (isSmall(element)) {
      const text = getText(element).replaceAll(/\s+/g, ' ').trim();
      if (text !== '' && text.length <= MAX_SAID_CHARACTERS) yield text;
    }
    for (const child of element.children) if ('attribs' in child) waiting.push(child);
  }
}

function isSmall(element: PageElement): boolean {
  let count = 0;
  for (const _ of getDescendants(element)) if (count++ > MAX_SAID_ELEMENTS) return false;
  return true;
}

/** More scripts than before may fill the element, so that it says nothing. */
function isContainerEmpty(before: Page, now: Page, rows: readonly PageElement[]): boolean {
  const containers = new Set(rows.map(({ parent }) => parent));
  const [container] = containers;
  if (containers.size !== 1 || container == null || !('attribs' in container)) return false;
  if (select(now, 'script').length > select(before, 'script').length) return false;
  const selector = describeContainer(container);
  const [found, ...others] = selector === undefined ? [] : select(now, selector);
  return found !== undefined && others.length === 0 && found.children.every(isBlank);
}

function isBlank(node: PageElement['children'][number]): boolean {
  return node.type === 'comment' || (node.type === 'text' && node.data.trim() === '');
}

/** A selector by the nearest id or classes; undefined without these. */
function describeContainer(container: PageElement): string | undefined {
  const path: string[] = [];
  for (let element: PageElement['parent'] = container; element !== null; element = element.parent) {
    if (!('attribs' in element)) return undefined;
    const id = element.attribs['id'] ?? '';
    const marks = /^[A-Za-z][\w-]*$/.test(id)
      ? `#${id}`
      : getClasses(element)
          .map((name) => `.${name}`)
          .join('');
    path.unshift(`${getTag(element)}${marks}`);
    if (marks !== '') return path.join(' > ');
  }
  return undefined;
}
