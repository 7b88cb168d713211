/** Texts that pages, files and other programs may hold, and that a terminal must not be told. */
export const HOSTILE: readonly string[] = [
  // Clearing, title, clipboard, colours, a question that the terminal answers into our keyboard.
  '\u001b[2J\u001b[H',
  '\u001b]0;owned\u0007',
  '\u001b]52;c;cm0gLXJm\u0007',
  '\u001b[31mred\u001b[0m',
  '\u001b[6n\u001b[c\u001b[>0q',
  // OSC, DCS, APC, PM, SOS that end with ST, and that do not.
  '\u001b]8;;http://evil.example\u001b\\link\u001b]8;;\u001b\\',
  '\u001bP1$r0m\u001b\\',
  '\u001b_Gf=100;AAAA\u001b\\',
  '\u001b^privacy',
  '\u001bX start',
  // The same in one character each (C1).
  '\u009b5A\u009d0;x\u009c\u0090q\u009c\u009f',
  // What moves, rings, erases.
  'a\rb\bc\u0007d\u000be\u000cf\u007fg',
  'tab\there\tand\nline\r\nbreak\u2028sep\u2029par\u0085nel',
  // Directions, zero width, marks, soft hyphens, the byte order mark.
  '\u202eback\u202c \u2066iso\u2069 \u200e\u200f\u061c',
  'z\u200bw\u200cn\u200dj\u2060w\ufeffb\u00ads',
  'e\u0301\u0301\u0301\u0301 Z\u0351\u036f\u0323\u0347\u031f',
  // Wide, joined, flags, lone halves, Hangul that is put together, text and emoji styles.
  '日本語の価格チェック',
  '👩‍👩‍👧‍👦👨🏽‍💻🇩🇪🏴󠁧󠁢󠁥󠁮󠁧󠁿',
  '\ud83d half \udc00',
  '각ᄀ까',
  '☎\ufe0f ☎\ufe0e ⚠\ufe0f ✓\ufe0f',
  'नमस्ते ไทยกำ \u0e33 العربية עברית',
  // Characters that belong to nobody, tags, noncharacters, variation selectors.
  '\ue000\u{e0001}\u{e0041}\ufffe\u{10ffff}\u{e0100}',
  // Nearly all of a line and more.
  'x'.repeat(500),
  '長'.repeat(200),
];
