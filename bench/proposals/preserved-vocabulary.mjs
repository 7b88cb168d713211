/**
 * Words of a page that stay when it is reduced: what leads through pages, dates, amounts, and what is written around
 * them, in the languages of the set. They say nothing of what a page is about.
 */

const LANGUAGES =
  'en de fr es pt it nl pl cs sk ru uk bg el tr id vi sv da nb fi et hu ro ar fa he hi bn ja ko zh ca hr sl lt lv'.split(
    ' ',
  );

const LEADING = `
  next previous prev older newer old new more page pages last first back forward continue read reading load show view
  see all go to of the post posts entry entries article articles item items result results event events message
  messages topic topics thread threads story stories comment comments reply replies order sort by and
  weiter nächste nächster nächstes naechste vor zurück letzte erste seite seiten ältere älter neuere mehr beiträge lesen anzeigen
  suivant suivante suivants suivantes précédent précédente dernière dernier première premier plus lire voir pages
  siguiente siguientes anterior anteriores próximo próxima próximos último última primera primero página pág más leer ver
  seguinte próximas ultima primeira mais ler
  avanti successiva successivo successive precedente pagina ultima prima prossima continua leggere tutto
  volgende vorige laatste eerste ouder oudere nieuwere meer lees
  następna następne następny następnej poprzednia poprzednie strona strony dalej ostatnia więcej pokaż wszystko
  další předchozí načíst starší novější strana poslední první více čti celý příběhy příspěvky
  следующая следующий следующее след следующие предыдущая пред назад вперёд вперед далее ещё еще старые новые страница
  страницы стр последняя первая подробнее читать конец начало в
  επόμενη επόμενο επόμενα προηγούμενη σελίδα τελευταία περισσότερα από
  sonraki önceki sayfa ileri geri devamı son ilk
  berikutnya selanjutnya sebelumnya laman halaman baca selengkapnya
  tiếp theo sau trước trang cuối đầu xem thêm
  nästa föregående sida sidan neste forrige side næste siste første äldre eldre seuraava edellinen sivu järgmine eelmine lehekülg
  következő előző oldal următoarea înainte
  التالي التالية السابق السابقة الصفحة صفحة المزيد الأقدم قراءة المزيد
  بعدی قبلی صفحه ادامه مطلب
  הבא הבאה הקודם עמוד
  अगला पिछला पृष्ठ और পরবর্তী পূর্ববর্তী পাতা শেষ প্রথম বিস্তারিত থেকে`;

const AROUND_FIGURES = `
  eur usd gbp chf jpy cny rub pln czk nok sek dkk brl r us zł kč kr руб р грн лв ft lei din byn vnd aed sar egp
  price prices from ab od
  am pm utc gmt uhr clock ago today yesterday hour hours minute minutes day days week weeks month months year years
  heute gestern vor stunden tage hace días il y a jours ieri oggi vandaag gisteren dnes včera сегодня вчера назад
  th st nd rd on at by posted published updated`;

/** Han, kana and Hangul have no spaces: what stays is found within a text. */
export const PRESERVED_PHRASES =
  /次のページ|前のページ|次へ|前へ|最後|最初|新しい投稿|過去の投稿|続きを読む|記事を読む|もっと見る|ページ目|ページ|下一[页頁]|上一[页頁]|下[页頁]|末[页頁]|尾[页頁]|首[页頁]|阅读全文|閱讀全文|展开全文|다음|이전|페이지|더 ?보기|처음|(?<=\d\s?)[年月日时時分秒号年월일시분년]/gu;

/** In small letters. */
export function preservedVocabulary() {
  return new Set([...wordsOf(LEADING), ...wordsOf(AROUND_FIGURES), ...LANGUAGES.flatMap(namesOfTime)]);
}

export function wordsOf(text) {
  return (text.toLowerCase().match(/\p{L}[\p{L}\p{M}]*/gu) ?? []).filter((word) => word !== '');
}

/** Months and days of the week, in full and short, as they stand alone and in a date. */
function namesOfTime(language) {
  const formats = ['long', 'short'].flatMap((style) => [
    new Intl.DateTimeFormat(language, { month: style, timeZone: 'UTC' }),
    new Intl.DateTimeFormat(language, { weekday: style, timeZone: 'UTC' }),
    new Intl.DateTimeFormat(language, { month: style, day: 'numeric', year: 'numeric', timeZone: 'UTC' }),
  ]);
  const dates = Array.from({ length: 12 }, (_, month) => new Date(Date.UTC(2026, month, 1 + month)));
  return formats.flatMap((format) => dates.flatMap((date) => wordsOf(format.format(date))));
}
