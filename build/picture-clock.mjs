// Loaded before a program (node --import): its clock goes on as any other, from the instant that a picture is of.
const offset = Number(process.env['QUICKSCRAPE_PICTURE_OFFSET'] ?? 0);
const RealDate = Date;

globalThis.Date = class extends RealDate {
  constructor(...given) {
    if (given.length === 0) super(RealDate.now() + offset);
    else super(...given);
  }

  static now() {
    return RealDate.now() + offset;
  }
};
