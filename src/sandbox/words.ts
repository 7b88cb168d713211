import type { Random } from './random.ts';

/** Word lists by the name that a template uses: `{Noun}` stands for one word of `noun`. */
type Words = Readonly<Record<string, readonly string[]>>;

/**
 * Fills a template with random words: `{Name}` takes a word as written in the list, `{name}` takes it in small letters.
 * Writes `an` in front of a vowel. Throws a RangeError for a name without words.
 */
export function expand(template: string, words: Words, random: Random): string {
  const filled = template.replace(/\{(\w+)\}/g, (_, place: string) => {
    const name = place.toLowerCase();
    const word = random.pick(words[name] ?? []);
    return place === name ? word.toLowerCase() : word;
  });
  return filled.replace(/(?<!\p{L})(a) (?=[aeiouåé]|honest)/giu, '$1n ');
}

const list = (words: string): string[] => words.trim().split(/\s*,\s*/);

/** The words that titles, authors and descriptions are made of. */
export const WORDS: Words = {
  adjective: list(`Amber, Borrowed, Brave, Clockwork, Crooked, Distant, Drowsy, Electric, Emerald, Forgotten,
    Frozen, Gentle, Gilded, Hidden, Hollow, Honest, Hungry, Impossible, Invisible, Ivory, Jealous, Last, Late,
    Lonely, Lost, Lucky, Midnight, Mossy, Nameless, Narrow, Northern, Obedient, Ordinary, Paper, Patient, Quiet,
    Reluctant, Restless, Rusty, Sapphire, Second-Best, Secret, Seventh, Silver, Sleepless, Stubborn, Tangled,
    Thirteenth, Uncommon, Unfinished, Velvet, Wandering, Whispering, Winter, Wooden`),
  thing:
    list(`Almanac, Anchor, Atlas, Balloon, Bell, Bicycle, Bridge, Candle, Carousel, Chimney, Clock, Compass,
    Cupboard, Door, Feather, Ferry, Garden, Ghost, Harbour, Key, Kite, Ladder, Lamp, Lantern, Letter, Library,
    Lighthouse, Map, Melody, Mirror, Observatory, Orchard, Parcel, Piano, Quilt, Recipe, Riddle, River, Rope,
    Scarf, Shadow, Staircase, Suitcase, Tea Shop, Telescope, Thimble, Tide, Train, Umbrella, Violin, Window`),
  things:
    list(`Acorns, Apologies, Bells, Bees, Birds, Buttons, Candles, Clouds, Comets, Doors, Echoes, Embers,
    Feathers, Ferries, Foxes, Geese, Ghosts, Hedgehogs, Islands, Keys, Lanterns, Letters, Lighthouses, Maps,
    Moths, Orchards, Owls, Pebbles, Postcards, Promises, Rivers, Ropes, Rumours, Secrets, Shadows, Shells,
    Snowflakes, Sparrows, Stars, Storms, Tides, Umbrellas, Violins, Whales, Windows, Wolves`),
  person: list(`Apothecary, Archivist, Astronomer, Baker, Ballad Singer, Beekeeper, Bookbinder, Botanist,
    Cartographer, Clockmaker, Cobbler, Detective, Ferryman, Gardener, Glassblower, Gravedigger, Inventor, Innkeeper,
    Juggler, Librarian, Lighthouse Keeper, Locksmith, Magician, Midwife, Milliner, Oyster Catcher, Perfumer,
    Piano Tuner, Postmistress, Puppeteer, Schoolteacher, Shepherd, Signalman, Stonemason, Tailor, Thief,
    Toymaker, Translator, Understudy, Watchman, Weaver`),
  animal:
    list(`Albatross, Badger, Cormorant, Crow, Dormouse, Duck, Fox, Goat, Goose, Hare, Hedgehog, Heron, Lynx,
    Magpie, Mole, Moth, Mule, Newt, Octopus, Otter, Owl, Pangolin, Parrot, Pelican, Puffin, Rabbit, Raven, Seal,
    Snail, Squirrel, Stork, Tortoise, Walrus, Weasel, Wolf, Wren`),
  place: list(`Ålsund, Ashcombe, Bellhaven, Brackenmoor, Château-Rêve, Coldharbour, Dunmarrow, Eastwick Sands,
    Élan Valley, Fennimore, Gannet Point, Görlach, Hartsmouth, Isla Perdición, Juniper Hill, Kestrel Bay, Kråkvik,
    Lower Pindle, Marrowbone Lane, Nettlewick, Old Quay, Penhallow, Quillan, Rookhope, São Telmo, Saltmarsh,
    Thistledown, Upper Wend, Vellacourt, Whistling Rock, Yarrowgate, Żurawno`),
  land: list(`the Arctic, the Atlas, the Baltic, the Borders, the Carpathians, the Danube, the Faroes, the Fens,
    the Gobi, the Hebrides, the High Pamirs, the Lowlands, the Outer Isles, the Pyrenees, the Silk Roads,
    the Steppe, the Tundra`),
  number: list(`Two, Three, Four, Five, Six, Seven, Nine, Eleven, Twelve, Thirteen, Forty, Ninety-Nine,
    A Hundred, A Thousand`),
  feeling: list(`Curiosity, Doubt, Envy, Grace, Gratitude, Hope, Idleness, Joy, Kindness, Laughter, Longing,
    Memory, Mischief, Patience, Regret, Silence, Solitude, Surprise, Tenderness, Wonder`),
  subject:
    list(`Bread, Bridges, Chalk, Coal, Copper, Dust, Fog, Glass, Gravity, Ice, Ink, Iron, Knots, Lichen,
    Light, Mathematics, Moss, Mountains, Mud, Noise, Paper, Probability, Rain, Rust, Salt, Sand, Sleep, Smoke,
    Soil, String, Sugar, Thunder, Time, Velocity, Wheat, Zero`),
  food: list(`Apricots, Aubergines, Barley, Beetroot, Brioche, Butter, Cardamom, Chestnuts, Crème Brûlée,
    Dumplings, Fennel, Figs, Gooseberries, Honey, Jam, Leeks, Lemons, Lentils, Marmalade, Mushrooms, Noodles,
    Onions, Pears, Pickles, Plums, Porridge, Potatoes, Quinces, Rhubarb, Rye, Saffron, Soufflés, Soup, Walnuts`),
  plant: list(`Asters, Bluebells, Brambles, Cabbages, Camellias, Clematis, Clover, Dahlias, Ferns, Foxgloves,
    Heather, Hollyhocks, Irises, Ivy, Lavender, Lilies, Lupins, Marigolds, Nettles, Orchids, Pansies, Peonies,
    Poppies, Primroses, Radishes, Roses, Snowdrops, Sweet Peas, Thistles, Tulips, Wisteria`),
  craft:
    list(`Basket Weaving, Bookbinding, Clock Repair, Darning, Dry-Stone Walling, Dyeing, Felting, Joinery,
    Kite Making, Knitting, Lace Making, Letter Writing, Marbling, Origami, Patchwork, Pottery, Quilting, Rope Work,
    Sail Making, Spoon Carving, Whittling`),
  century: list(`Ninth, Twelfth, Fourteenth, Sixteenth, Seventeenth, Eighteenth, Nineteenth, Twentieth`),
  planet: list(`Aldermoon, Callisto, Ceres, Deneb, Enceladus, Epsilon Four, Ganymede, Io, Juno Station, Mars,
    Nova Perth, Oberon, Phobos, Proxima, Rigel, Titan, Triton, Vesta`),
  machine:
    list(`Android, Archive, Automaton, Beacon, Engine, Lander, Machine, Orbit, Probe, Protocol, Reactor,
    Relay, Rover, Satellite, Shuttle, Signal, Starship, Transmitter`),
  child:
    list(`Agnes, Barnaby, Beatrix, Clementine, Doris, Edmund, Fergus, Greta, Humphrey, Ingrid, Jasper, Kit,
    Lottie, Mabel, Ned, Odette, Percival, Quentin, Renée, Sven, Tilda, Ursula, Wilf, Yusuf, Zoë`),
  first: list(`Ada, Aoife, Amara, Anselm, Bertil, Camille, Chidi, Dorothea, Edith, Elif, Emrys, Farid, Freya,
    Gwendolyn, Hana, Henrik, Imogen, Ivo, Jóhanna, José, Kamala, Leopold, Linnéa, Maeve, Mateus, Nadia, Niamh,
    Olga, Oswin, Paloma, Priya, Rasmus, Rosalind, Samir, Saskia, Søren, Theodora, Tomáš, Violet, Wanjiru, Yuki, Zsófia`),
  last: list(`Abernathy, Ashgrove, Birtwhistle, Björk, Calloway, Castañeda, D'Arcy, Dąbrowska, Eldridge, Fairweather,
    Finch, Grünwald, Hathersage, Iwasaki, Jessop, Kowalczyk, Lindqvist, MacTavish, Marchetti, Mbeki-Rowe, Nakagawa,
    Nightingale, O'Malley, Okonkwo, Oyelaran, Pemberton, Petrov, Quigley, Rasmussen, Rautio, Sharma, Šimková,
    St. Clair, Thistlewood, Tremblay, Underhill, Vasquez, Weatherby, Winterbourne, Yıldız, Zimmerman`),
};
