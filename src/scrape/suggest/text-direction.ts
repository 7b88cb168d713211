/**
 * Texts of the link to the next page in many languages. Sites that do not use "next" use "older", because lists run
 * from the newest to the oldest entry.
 */
const NEXT = [
  'next|older|earlier|more|forward|weiter|vor|vorwärts|nächste[rns]?|ältere|mehr|suivante?s?|prochaine?s?|plus anciens?',
  'siguientes?|próxim[oa]s?|proxim[oa]s?|adelante|más antigu[oa]s|entradas antiguas|seguintes?|avançar|mais antig[oa]s|postagens mais antigas',
  'successiv[oaie]|avanti|prossim[oaie]|più vecchi|meno recenti|volgende|verder|oudere|següents?|hurrengoa',
  'następn[aye]|dalej|starsze|další|následující|starší|ďalši[ae]|ďalší|nasledujúc[ea]|sljedeć[aei]|sledeć[aei]|naslednj[aei]|naprej|dalje|starij[ei]',
  'următo(?:area|rul|arele)|înainte|mai vechi|următor|következő|tovább|régebbi(?:ek)?|sonraki|ileri|daha eski|nästa|äldre|neste|næste|eldre|ældre',
  'seuraavat?|vanhemmat|επόμεν[ηοα]|επομεν[ηοα]|παλαιότερ[αες]|следующ(?:ая|ие|ий)|след|далее|дальше|вперед|вперёд|старые записи|більше|далі',
  'наступн[аіий]|наст|старіші|следващ[аи]|напред|по-стари|следећ[аеи]|следн[аи]|наступная|kitas|toliau|senesni|nākam[āai]|tālāk|järgmine|edasi',
  'التالي|التالية|الأقدم|بعدی|صفحه بعد|הבאה?|ישנים יותר|अगल[ाे]|পরবর্তী|পরের|ถัดไป|หน้าถัดไป|tiếp(?: theo)?|trang sau|kế tiếp|cũ hơn',
  'selanjutnya|berikutnya|seterusnya|lebih lama|posting lama|다음|더보기',
].join('|');
/** The same for languages without spaces between words. */
const JOINED =
  /^(?:次(?:へ|の|ペ|頁|項|$)|以前の記事|過去の記事|古い|下一?[页頁]|下一(?:步|個)?$|后一?页|後一?頁|下页|较早|較舊|舊文章|다음|ถัดไป)/u;
/** WordPress calls older posts the previous ones. */
const PREVIOUS_ROWS =
  /^(?:previous|preceding|past) (?:posts|entries|articles|stories|page of)|^(?:entradas|posts|artículos) anteriores|^предыдущие|^articles précédents|^articoli precedenti|^(?:vorherige|frühere) (?:beiträge|einträge|artikel)|^eerdere berichten|^попередні/u;
/** Other things that can be next, and widgets that are paged through. */
const NOT_A_PAGE =
  /\b(?:next|following) (?:article|post|story|day|week|month|year|event|chapter|slide|image|photo|picture|video|step|topic|thread|lesson|game|match|episode|project|product|item|level|gen\w*|steps)\b|\bmore (?:info|information|details|about|than|options|from|in|on)\b|^more$|\b(?:read|learn|see|find out|view) more\b/;
/** Texts that lead backwards. */
const PREVIOUS =
  /\b(?:prev|previous|newer|back|first|last)\b|zurück|vorherige|neuere|précédente?|anterior|precedente|vorige|nieuwere|poprzedni|předchozí|предыдущ|назад|новые|новее|попередн|前[へのペ頁]|上一?[页頁]|이전|السابق|önceki|föregående|forrige|edellinen|sebelumnya/u;

const NEXT_ALONE = new RegExp(`^(?:${NEXT})$`, 'u');
/** Names for the content of a next page: `next results`, `weitere 20 Beiträge`. */
const PAGES =
  'pages?|pág|pag|posts?|results?|entries|articles?|items?|stories|news|records|topics|threads|listings|seite|página|pagina|pagine|strana|stránka|stránk[ay]|страниц[аы]|сторінка|strona|stronę|stranica|sida|sidan|side|sivu|beiträge|einträge|artikel|ergebnisse|berichten|resultaten|wpisy|posty|entradas|resultados|publicaciones|записи|новости|halaman|trang|σελίδα|sayfa|oldal|puslapis|lapa|lehekülg|pàgina|orrialdea|résultats|risultati|الصفحة|صفحه|עמוד|पृष्ठ|পাতা|পৃষ্ঠা|filmy|\\d+';
const NEXT_PAGE = new RegExp(`(?<!\\p{L})(?:${NEXT})(?!\\p{L})`, 'u');
const OF_PAGES = new RegExp(`(?<!\\p{L})(?:${PAGES})(?!\\p{L})`, 'u');
const MAX_LENGTH = 32;
const ARROW = /^(?:[>›→»⟩▶►⇒❯⟶]|>>|››|&gt;)$/u;

/** Returns the direction of a text: 1 certainly the next page, below 1 possibly, -1 back, 0 unknown. */
export function getTextDirection(text: string): number {
  const plain = text.toLowerCase().replaceAll(/\s+/g, ' ').trim();
  if (ARROW.test(plain)) return 0.5;
  if (/^[<‹←«◀◄❮]+$/u.test(plain)) return -1;
  const words = plain.replaceAll(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
  if (words === '' || words.length > MAX_LENGTH || /^\d+$/.test(words)) return 0;
  if (PREVIOUS_ROWS.test(words)) return 0.7;
  if (/^more(?: \W*\d+)?$/.test(words)) return 0.4;
  if (NOT_A_PAGE.test(words)) return 0;
  if (NEXT_ALONE.test(words) || JOINED.test(words)) return 1;
  if (PREVIOUS.test(words)) return -1;
  if (!NEXT_PAGE.test(words)) return 0;
  return OF_PAGES.test(words) ? 0.9 : 0.4;
}

/** Whether a text promises more of something, which may be a separate list: `More articles`. */
export function isMoreText(text: string): boolean {
  return /\b(?:more|mehr)\b/i.test(text);
}

/** Returns the direction of an element's classes and id: 1 forward, -1 back, 0 unknown. */
export function getNameDirection(names: string): number {
  const words = names
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/);
  if (
    words.some((word) =>
      [
        'next',
        'older',
        'nextpage',
        'pagenext',
        'suivant',
        'weiter',
        'siguiente',
        'nextlink',
        'nextpostslink',
      ].includes(word),
    )
  )
    return 1;
  return words.some((word) =>
    ['prev', 'previous', 'newer', 'prevpage', 'back', 'previouspostslink'].includes(word),
  )
    ? -1
    : 0;
}
