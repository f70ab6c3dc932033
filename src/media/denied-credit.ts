import type { Rights } from '../domain/publisher.js';

interface Agency {
  names: readonly string[];
  /** Short or common as a word of its own ("EPA" is an office too): counts in a credit, and in a caption only where a credit stands. */
  ambiguous?: true;
}

/**
 * Whose pictures a publisher prints under a contract that does not reach a mirror: news agencies and picture stocks.
 * Ambiguous names in upper case are compared with case ("AP", not "ap"); all others without.
 */
const AGENCIES: readonly Agency[] = [
  // The four world agencies, and names they sell pictures under.
  { names: ['Agence France-Presse', 'Agence France Presse', 'AFP', 'АФП', 'Франс Пресс'] },
  { names: ['Associated Press', 'Ассошиэйтед Пресс'] },
  { names: ['AP', 'АП'], ambiguous: true },
  { names: ['Reuters', 'Thomson Reuters', 'Рейтер', 'Рейтерс', 'Ройтерс'] },
  { names: ['European Pressphoto Agency', 'EPA-EFE', 'EPA/EFE'] },
  { names: ['EPA', 'ЕПА', 'EFE'], ambiguous: true },
  // Russian and neighboring agencies, state and private.
  { names: ['TASS', 'ITAR-TASS', 'ТАСС', 'ИТАР-ТАСС'] },
  {
    names: [
      'RIA Novosti',
      'RIA Nowosti',
      'РИА Новости',
      'РИА «Новости»',
      'Sputnik Images',
      'Россия сегодня',
      'Rossiya Segodnya',
    ],
  },
  { names: ['RIA', 'РИА', 'Sputnik', 'Спутник'], ambiguous: true },
  { names: ['Kommersant', 'Коммерсантъ', 'Коммерсант'], ambiguous: true },
  {
    names: [
      'Interfax',
      'Интерфакс',
      'Moskva News Agency',
      'Агентство «Москва»',
      'АГН Москва',
      'АГН «Москва»',
    ],
  },
  { names: ['БЕЛТА', 'BELTA', 'BelTA', 'Ukrinform', 'Укрінформ', 'Укринформ', 'УНІАН', 'УНИАН', 'UNIAN'] },
  // National agencies of other countries.
  {
    names: [
      'Anadolu',
      'Анадолу',
      'Xinhua',
      'Синьхуа',
      '新华社',
      '新華社',
      'Kyodo',
      'Yonhap',
      '美联社',
      '路透社',
      '法新社',
    ],
  },
  {
    names: ['dpa', 'DPA', 'dpa-Zentralbild', 'picture-alliance', 'picture alliance', 'ullstein bild'],
    ambiguous: true,
  },
  { names: ['PA Media', 'PA Images', 'PA Wire', 'Press Association', 'Keystone-SDA', 'ANSA', 'LUSA'] },
  {
    names: ['PA', 'ANP', 'APA', 'PAP', 'ISNA', 'IRNA', 'Keystone', 'CTK', 'ČTK', 'NTB', 'TT'],
    ambiguous: true,
  },
  { names: ['خبرگزاری فرانسه', 'آسوشیتدپرس', 'رویترز', 'ایرنا', 'ایسنا'] },
  // Picture stocks and photographers' agencies.
  { names: ['Getty', 'Getty Images', 'GettyImages', 'Гетти', 'iStock', 'iStockphoto'] },
  { names: ['Shutterstock', 'Depositphotos', 'Dreamstime', 'Adobe Stock', 'Bigstock', '123RF', 'Fotolia'] },
  {
    names: [
      'Alamy',
      'ZUMA Press',
      'ZUMA Wire',
      'ZUMAPRESS',
      'SIPA',
      'Abaca Press',
      'ABACAPRESS',
      'NurPhoto',
      'Rex Features',
    ],
  },
  {
    names: [
      'Global Look Press',
      'Lori Images',
      'Фотобанк Лори',
      'Vostock Photo',
      'VII Photo',
      'Polaris Images',
    ],
  },
  {
    names: ['Imago', 'Magnum Photos', 'Corbis', 'Bloomberg', 'SOPA Images', 'LightRocket'],
    ambiguous: true,
  },
];

const escaped = (name: string): string =>
  name.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&').replace(/[ -]/g, '[\\s-]+');

/** Chinese writes no spaces, so there a name has no edges; elsewhere neither a letter nor a digit may touch it. */
const patternOf = (name: string): string =>
  /^\p{Script=Han}/u.test(name) ? name : `(?<![\\p{L}\\p{N}])${escaped(name)}(?![\\p{L}\\p{N}])`;

const keepsCase = (name: string): boolean => name === name.toUpperCase() && name !== name.toLowerCase();

const SURE = AGENCIES.filter(({ ambiguous }) => ambiguous !== true).flatMap(({ names }) => names);
const AMBIGUOUS = AGENCIES.filter(({ ambiguous }) => ambiguous === true).flatMap(({ names }) => names);

/** Two expressions, one that heeds case and one that does not, with `wrap` round the pattern of each name. */
function ambiguousPatterns(wrap: (pattern: string) => string): readonly RegExp[] {
  const joined = (names: readonly string[]) => names.map((name) => wrap(patternOf(name))).join('|');
  return [
    new RegExp(joined(AMBIGUOUS.filter(keepsCase)), 'u'),
    new RegExp(joined(AMBIGUOUS.filter((name) => !keepsCase(name))), 'iu'),
  ];
}

/** Where a credit stands in a caption: after a slash, a bracket, ©, "photo:", "by", "via"; or before a slash, or as its last word. */
const atCreditPlace = (name: string): string =>
  `(?:[/|©([]\\s*|(?:[Pp]hoto|PHOTO|[Ff]oto|[Фф]ото|ФОТО|[Cc]redit|[Bb]y|[Vv]ia)(?:\\s*[:—–-]\\s*|\\s+))${name}|${name}(?:\\s*/|\\s*[)\\].]*\\s*$)`;

interface Patterns {
  inCredit: readonly RegExp[];
  inCaption: readonly RegExp[];
}

let made: Patterns | null = null;

/** Made when first asked for: that takes a tenth of a second, and most commands see no picture. */
function patterns(): Patterns {
  if (made === null) {
    const sure = new RegExp(SURE.map(patternOf).join('|'), 'iu');
    made = {
      inCredit: [sure, ...ambiguousPatterns((pattern) => pattern)],
      inCaption: [sure, ...ambiguousPatterns(atCreditPlace)],
    };
  }
  return made;
}

/**
 * Whether the rights on record leave this picture out. `none` denies every picture, `all` none of them, `own` those whose
 * credit or caption names an agency or a picture stock. A doubt costs a picture, never somebody's rights.
 */
export function isDeniedCredit(credit: string, caption: string, rights: Pick<Rights, 'images'>): boolean {
  if (rights.images === 'all') return false;
  if (rights.images === 'none') return true;
  const { inCredit, inCaption } = patterns();
  return (
    inCredit.some((pattern) => pattern.test(credit.normalize('NFC'))) ||
    inCaption.some((pattern) => pattern.test(caption.normalize('NFC')))
  );
}
