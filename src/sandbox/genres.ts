/** A shelf of the shop: how its books are named and how its descriptions begin. */
export interface Genre {
  name: string;
  titles: readonly string[];
  openings: readonly string[];
}

export const GENRES: readonly Genre[] = [
  {
    name: 'Fiction',
    titles: [
      'The {Adjective} {Thing}',
      "The {Person}'s {Thing}",
      'The {Person} of {Place}',
      '{Number} {Things} for {Child}',
      'A {Thing} in {Place}',
      'All the {Adjective} {Things}',
    ],
    openings: [
      'When the {person} of {Place} inherits a {thing} that nobody wants, an old promise comes due.',
      '{Child} has lived in {Place} for forty years without once asking about the {thing} in the attic.',
    ],
  },
  {
    name: 'Mystery',
    titles: [
      'Murder at {Place}',
      'The {Adjective} {Person}',
      "The {Animal} Didn't Bark",
      'Death of a {Person}',
      'The Case of the {Adjective} {Thing}',
      'Who Stole the {Thing} of {Place}?',
    ],
    openings: [
      'The body in the boathouse at {Place} wears one glove, and the {person} has the other.',
      'Nobody at the dinner noticed the missing {thing}; by morning nobody could talk of anything else.',
    ],
  },
  {
    name: 'Science Fiction',
    titles: [
      'The {Machine} of {Planet}',
      '{Planet}: {Adjective} {Machine}',
      'A {Adjective} {Machine}',
      'The {Person} of {Planet}',
      '{Number} Moons over {Planet}',
      'Goodbye, {Planet}',
    ],
    openings: [
      'The last {machine} to leave {Planet} was not supposed to carry passengers, still less a {person}.',
      'On {Planet} the days last eleven years, and {Child} was born one minute before nightfall.',
    ],
  },
  {
    name: "Children's",
    titles: [
      '{Child} and the {Adjective} {Animal}',
      'The {Animal} Who Borrowed the Moon',
      'Goodnight, {Adjective} {Animal}',
      '{Child} & {Child}: The {Adjective} {Thing}',
      "{Child}'s {Adjective} {Things}",
      'The {Animal}, the {Animal} & the {Thing}',
    ],
    openings: [
      '{Child} has a {animal} that nobody else can see, which would be easier if it did not sneeze.',
      'One rainy Tuesday a {adjective} {animal} knocks at the kitchen window and asks for directions.',
    ],
  },
  {
    name: 'Travel',
    titles: [
      'Across {Land} by {Thing}',
      'Slow Trains to {Place}',
      'A {Person} in {Land}',
      '{Number} Days in {Place}',
      'Postcards from {Land}',
      'Walking {Land} with a {Animal}',
    ],
    openings: [
      'With one rucksack and no reservations, the author crosses {Land} at the speed of a tired {animal}.',
      'A year of slow travel in {Land}, told through the people who opened their doors.',
    ],
  },
  {
    name: 'Food & Drink',
    titles: [
      '{Food} & {Food}',
      'The {Adjective} Kitchen: Cooking with {Food}',
      'Mostly {Food}',
      'In Praise of {Food}',
      "The {Person}'s Book of {Food}",
      '{Food} for Beginners',
    ],
    openings: [
      'Ninety recipes that begin with {food} and end with an empty plate.',
      'Half memoir, half cookbook: a kitchen in {Place}, its regulars, and what they ask for twice.',
    ],
  },
  {
    name: 'Gardening',
    titles: [
      'Growing {Plant} in {Place}',
      'The {Adjective} Garden',
      '{Plant}, {Plant} & Patience',
      'A Year of {Plant}',
      'Never Trust {Plant}',
      "The {Person}'s {Plant}",
    ],
    openings: [
      'What to sow, what to move, and when to leave {plant} alone, month by month.',
      'A sceptical gardener takes on an acre of {plant} and is slowly converted.',
    ],
  },
  {
    name: 'History',
    titles: [
      'A Short History of {Subject}',
      '{Subject}: How the {Century} Century Was Made',
      'The {Person} in the {Century} Century',
      '{Subject} and Empire',
      'The {Adjective} Kings of {Place}',
      'Everyday {Feeling} in the {Century} Century',
    ],
    openings: [
      'Ledgers, letters and one very long court case bring the {century} century back to life.',
      'Told from below stairs, this is the story of {Place} and the people who kept it running.',
    ],
  },
  {
    name: 'Popular Science',
    titles: [
      'Why {Subject} Matters',
      'The Secret Life of {Subject}',
      '{Subject} & {Subject}: An Unlikely Romance',
      "The {Animal}'s Guide to {Subject}",
      'What {Things} Know about {Subject}',
      'Thinking in {Subject}',
    ],
    openings: [
      'An enthusiast explains {subject} with pencils, string and the occasional {animal}.',
      'Everything you were told about {subject} at school, and why most of it is stranger than that.',
    ],
  },
  {
    name: 'Poetry',
    titles: [
      '{Number} {Adjective} {Things}',
      '{Feeling}, with {Things}',
      'Small Hymns to {Feeling}',
      'Ode to a {Adjective} {Thing}',
      '“{Feeling}” and Other Poems',
      'On {Feeling}',
    ],
    openings: [
      'Poems about {feeling}, weather, and the quiet heroism of the {animal}.',
      'A first collection that finds {feeling} in kitchens, bus shelters and the margins of maps.',
    ],
  },
  {
    name: 'Crafts',
    titles: [
      '{Craft} for the {Adjective} {Person}',
      'The {Adjective} Art of {Craft}',
      '{Craft} in a Weekend',
      '{Craft}: {Number} Projects',
      'The Pocket Book of {Craft}',
      'From {Craft} to {Craft}',
    ],
    openings: [
      'Clear drawings, honest advice and {number} projects for anyone who has ever ruined a good piece of wood.',
      'A patient introduction by a {person} who learned the hard way.',
    ],
  },
  {
    name: 'Fantasy',
    titles: [
      'The {Adjective} {Animal} of {Place}',
      'A Crown of {Things}',
      'The {Things} of {Place}',
      'Daughter of {Things}',
      'The {Person} and the {Animal} King',
      'Song of the {Adjective} {Animal}',
    ],
    openings: [
      'Every hundred years the {things} of {Place} choose a {person}; this time they have chosen badly.',
      'To break the curse {Child} needs a {thing}, a {animal} and considerably more luck than usual.',
    ],
  },
];

/** Hand-written titles, each a trap for a careless scraper. */
export const ODD_TITLES: readonly { genre: string; title: string }[] = [
  { genre: 'Fiction', title: 'Salt & Pepper & the "Good" China' },
  { genre: 'Popular Science', title: 'Is 3 < 4? A Gentle History of <Less> and >More<' },
  { genre: 'Poetry', title: 'Naïve Café Songs (Été, Straße, Çarşı, Łódź)' },
  { genre: "Children's", title: "The Owl's Cousin's Aunt's Birthday" },
  { genre: 'History', title: '&amp; So On: The Ampersand, 1440–1990' },
  { genre: 'Travel', title: '東京 by Tram: A Beginner Gets Lost' },
  { genre: 'Mystery', title: 'Comma, Semicolon; "Murder"' },
  {
    genre: 'Fiction',
    title:
      'The True and Complete Account of the Postmistress of Lower Pindle, Who Set Out One Morning to Deliver a ' +
      'Single Parcel to the Far End of the Lane and Returned Eleven Years Later with Two Geese, a Brass Telescope, ' +
      'the Deeds to a Lighthouse, and No Recollection Whatever of Having Been Away',
  },
];

/** Sentences that follow the opening of a description. */
export const SENTENCES: readonly string[] = [
  'What follows is a story about {feeling} and the cost of keeping a secret.',
  'Warm, sly and full of {things}, it rewards a second reading.',
  'Illustrated throughout with drawings of {things} by the author.',
  'Along the way there are {things}, a {adjective} {animal}, and more than one surprise.',
  'The final chapter, set in {Place}, is the best thing {First} {Last} has written.',
  'It is a book for long evenings, and for anyone who has ever wanted a {thing} of their own.',
  'Readers of {First} {Last} will feel at home.',
  'A {person} in the second half nearly steals the show.',
];
