import { describe, expect, it } from 'vitest';
import { isDeniedCredit } from '../../src/media/denied-credit.js';

const own = { images: 'own' } as const;

describe('isDeniedCredit', () => {
  it.each([
    'AFP',
    'Sergei Karpukhin / AP',
    'AP Photo/Dmitri Lovetsky',
    'REUTERS/Evgenia Novozhenina',
    'Getty Images',
    'gettyimages.com',
    'Photo: TASS',
    'Сергей Бобылев/ТАСС',
    'РИА Новости / Максим Блинов',
    'EPA-EFE',
    'epa/efe',
    'Shutterstock.com',
    'Alexander Zemlianichenko/Pool/AP',
    'АГН «Москва»',
    'Укрінформ',
    'dpa',
    '图：路透社记者',
    'عکس: رویترز',
    'via Agence  France-Presse',
    'Bloomberg',
  ])('denies the credit %s', (credit) => {
    expect(isDeniedCredit(credit, '', own)).toBe(true);
  });

  it.each([
    '',
    'Map: The Moscow Times',
    'CAP Group',
    'Apartment 7',
    'Anna Epatova',
    'MT',
    'Мария Тассова',
    'Виктория Петрова',
    'Press service of the governor of Primorye',
    'Kremlin.ru',
    'Пресс-служба Кремля',
    'Photo by the author, ap the hill',
    'Anton Dpapadopoulos',
  ])('lets the credit "%s" pass', (credit) => {
    expect(isDeniedCredit(credit, '', own)).toBe(false);
  });

  it.each([
    'Protesters in Tbilisi. (AP Photo)',
    'Soldiers near Kharkiv, March 2. Photo: EPA',
    'Митинг у здания суда. Фото: РИА',
    'The bridge seen from the air © RIA',
    'A rally in Minsk, August 2020. Getty Images',
    'Очередь у посольства. Алексей Никольский / ТАСС',
    'Ministers arrive for talks. Maxim Shemetov / AP.',
  ])('denies a caption that ends in a credit: %s', (caption) => {
    expect(isDeniedCredit('', caption, own)).toBe(true);
  });

  it.each([
    'The EPA building in Washington.',
    'Спутник «Метеор» на орбите.',
    'Map of the region',
    'A Kommersant journalist leaves the court.',
    'Bloomberg terminals in a bank in Almaty.',
  ])('lets a caption pass that only speaks of such a word: %s', (caption) => {
    expect(isDeniedCredit('', caption, own)).toBe(false);
  });

  it('leaves out every picture where rights say none, and none where they say all', () => {
    expect(isDeniedCredit('The Moscow Times', '', { images: 'none' })).toBe(true);
    expect(isDeniedCredit('', '', { images: 'none' })).toBe(true);
    expect(isDeniedCredit('AFP', 'Photo: AP', { images: 'all' })).toBe(false);
  });
});
