import type { Designation } from '../domain/publisher.js';
import { fill, MESSAGES } from './messages.js';
import { createTimes } from './times.js';
import type { UiLanguage } from './views.js';

type Status = Designation['status'];

/** When the descriptions of the law below were put together. They are reports, not legal advice. */
const DESCRIBED_AT = Date.UTC(2026, 10, 1);
const ISO_DATE = /^\d{4}-\d{2}-\d{2}$/;
/** What each of `listed` begins with. */
const COUNTRY_FIRST = /^\{country\}[:：]\s*/;
const OLD_AFTER_MS = 365 * 86_400_000;

/** Where one publisher carries several labels of one country, the advice is the gravest one's. */
const GRAVEST_FIRST: readonly Status[] = ['extremist', 'undesirable', 'foreign-agent', 'blocked'];

/** The language of the interface that a country's readers have, where there is one. */
const COUNTRY_LANGUAGE: Readonly<Record<string, UiLanguage>> = {
  RU: 'ru',
  BY: 'ru',
  UA: 'uk',
  IR: 'fa',
  CN: 'zh',
};

interface NoteWords {
  /** What the source says, and no more. */
  listed: Readonly<Record<Status, string>>;
  /** Where the law of the country has been described. */
  described: { readonly 'RU undesirable': string; readonly 'BY extremist': string };
  /** Where it has not. */
  otherwise: Readonly<Record<Status, string>>;
  old: string;
}

/** Reading, sharing and donating are not the same in law: each text keeps them apart. */
export const SAFETY_WORDS: Readonly<Record<UiLanguage, NoteWords>> = {
  en: {
    listed: {
      'foreign-agent':
        '{country}: {publisher} has been listed as a “foreign agent” since {date} (source: {source}).',
      undesirable:
        '{country}: {publisher} has been listed as an “undesirable organisation” since {date} (source: {source}).',
      extremist: '{country}: {publisher} has been listed as “extremist” since {date} (source: {source}).',
      blocked: '{country}: access to {publisher} has been blocked since {date} (source: {source}).',
    },
    described: {
      'RU undesirable':
        'As described up to {described}: reading, and passing a text on in private, are legal; a public link is fined, and repeated is a crime; donating is a crime.',
      'BY extremist':
        'As described up to {described}: keeping such texts is an offence too, not only sharing them. Save nothing from here, and clear the browser’s history after reading. Sharing and donating weigh more than reading.',
    },
    otherwise: {
      'foreign-agent':
        'The label is put on the publisher, not on its readers. Reading, sharing and donating are not the same in law: find out before you share or donate.',
      undesirable:
        'Reading, sharing and donating are not the same in law: find out before you share or donate.',
      extremist:
        'Reading, keeping, sharing and donating are not the same in law: find out before you keep, share or donate.',
      blocked: 'A block says nothing of readers. Reading, sharing and donating are not the same in law.',
    },
    old: 'This note is more than 12 months old: the rules may have changed.',
  },
  ru: {
    listed: {
      'foreign-agent':
        '{country}: {publisher} в реестре «иностранных агентов», дата — {date} (источник: {source}).',
      undesirable:
        '{country}: {publisher} в перечне «нежелательных организаций», дата — {date} (источник: {source}).',
      extremist: '{country}: {publisher} в списке «экстремистских», дата — {date} (источник: {source}).',
      blocked: '{country}: доступ к {publisher} заблокирован, дата — {date} (источник: {source}).',
    },
    described: {
      'RU undesirable':
        'По описаниям на {described}: читать и пересылать в личной переписке законно; за публичную ссылку полагается штраф, за повторную — уголовное дело; пожертвование — преступление.',
      'BY extremist':
        'По описаниям на {described}: наказуемо не только распространение, но и хранение таких материалов. Ничего отсюда не сохраняйте, а после чтения очищайте историю браузера. Поделиться или пожертвовать — серьёзнее, чем прочесть.',
    },
    otherwise: {
      'foreign-agent':
        'Этот статус присвоен изданию, а не его читателям. Читать, делиться и жертвовать деньги — по закону разные вещи: прежде чем делиться или жертвовать, узнайте правила.',
      undesirable:
        'Читать, делиться и жертвовать деньги — по закону разные вещи: прежде чем делиться или жертвовать, узнайте правила.',
      extremist:
        'Читать, хранить, делиться и жертвовать деньги — по закону разные вещи: прежде чем сохранять, делиться или жертвовать, узнайте правила.',
      blocked:
        'О читателях блокировка ничего не говорит. Читать, делиться и жертвовать деньги — по закону разные вещи.',
    },
    old: 'Этой справке больше 12 месяцев: правила могли измениться.',
  },
  uk: {
    listed: {
      'foreign-agent':
        '{country}: {publisher} у реєстрі «іноземних агентів», дата — {date} (джерело: {source}).',
      undesirable:
        '{country}: {publisher} у переліку «небажаних організацій», дата — {date} (джерело: {source}).',
      extremist: '{country}: {publisher} у списку «екстремістських», дата — {date} (джерело: {source}).',
      blocked: '{country}: доступ до {publisher} заблоковано, дата — {date} (джерело: {source}).',
    },
    described: {
      'RU undesirable':
        'За описами на {described}: читати й пересилати в приватному листуванні законно; за публічне посилання — штраф, за повторне — кримінальна справа; пожертва — злочин.',
      'BY extremist':
        'За описами на {described}: караним є не лише поширення, а й зберігання таких матеріалів. Нічого звідси не зберігайте, а після читання очищайте історію браузера. Поширити чи пожертвувати — серйозніше, ніж прочитати.',
    },
    otherwise: {
      'foreign-agent':
        'Цей статус надано виданню, а не його читачам. Читати, поширювати й жертвувати гроші — за законом різні речі: перш ніж поширювати чи жертвувати, дізнайтеся правила.',
      undesirable:
        'Читати, поширювати й жертвувати гроші — за законом різні речі: перш ніж поширювати чи жертвувати, дізнайтеся правила.',
      extremist:
        'Читати, зберігати, поширювати й жертвувати гроші — за законом різні речі: перш ніж зберігати, поширювати чи жертвувати, дізнайтеся правила.',
      blocked:
        'Про читачів блокування нічого не каже. Читати, поширювати й жертвувати гроші — за законом різні речі.',
    },
    old: 'Цій довідці понад 12 місяців: правила могли змінитися.',
  },
  fa: {
    listed: {
      'foreign-agent': '{country}: {publisher} از {date} در فهرست «عوامل خارجی» است (منبع: {source}).',
      undesirable: '{country}: {publisher} از {date} در فهرست «سازمان‌های نامطلوب» است (منبع: {source}).',
      extremist: '{country}: {publisher} از {date} در فهرست «افراطی» است (منبع: {source}).',
      blocked: '{country}: دسترسی به {publisher} از {date} بسته شده است (منبع: {source}).',
    },
    described: {
      'RU undesirable':
        'بنا بر گزارش‌ها تا {described}: خواندن و فرستادن خصوصی متن قانونی است؛ پیوند عمومی جریمه دارد و تکرارش جرم است؛ کمک مالی جرم است.',
      'BY extremist':
        'بنا بر گزارش‌ها تا {described}: نه‌تنها هم‌رسانی، که نگه داشتن این متن‌ها نیز تخلف است. از اینجا چیزی ذخیره نکنید و پس از خواندن، تاریخچهٔ مرورگر را پاک کنید. هم‌رسانی و کمک مالی پیامد سنگین‌تری از خواندن دارد.',
    },
    otherwise: {
      'foreign-agent':
        'این عنوان را به رسانه داده‌اند، نه به خوانندگانش. خواندن، هم‌رسانی و کمک مالی در قانون یکسان نیستند: پیش از هم‌رسانی یا کمک مالی پرس‌وجو کنید.',
      undesirable:
        'خواندن، هم‌رسانی و کمک مالی در قانون یکسان نیستند: پیش از هم‌رسانی یا کمک مالی پرس‌وجو کنید.',
      extremist:
        'خواندن، نگه داشتن، هم‌رسانی و کمک مالی در قانون یکسان نیستند: پیش از ذخیره، هم‌رسانی یا کمک مالی پرس‌وجو کنید.',
      blocked: 'مسدودسازی دربارهٔ خوانندگان چیزی نمی‌گوید. خواندن، هم‌رسانی و کمک مالی در قانون یکسان نیستند.',
    },
    old: 'از این یادداشت بیش از ۱۲ ماه می‌گذرد: شاید قانون تغییر کرده باشد.',
  },
  zh: {
    listed: {
      'foreign-agent': '{country}：自{date}起，{publisher}被列为“外国代理人”（来源：{source}）。',
      undesirable: '{country}：自{date}起，{publisher}被列为“不受欢迎组织”（来源：{source}）。',
      extremist: '{country}：自{date}起，{publisher}被列为“极端主义”（来源：{source}）。',
      blocked: '{country}：自{date}起，{publisher}被封锁（来源：{source}）。',
    },
    described: {
      'RU undesirable':
        '据截至{described}的说法：阅读和私下转发合法；公开张贴链接会被罚款，再犯即构成犯罪；捐款构成犯罪。',
      'BY extremist':
        '据截至{described}的说法：不仅传播，保存这类文章也属违法。请不要保存这里的任何内容，读后请清除浏览器历史记录。分享和捐款的后果比阅读更重。',
    },
    otherwise: {
      'foreign-agent':
        '这一称号针对的是媒体，而不是读者。阅读、分享和捐款在法律上各不相同：分享或捐款之前，请先了解有关规定。',
      undesirable: '阅读、分享和捐款在法律上各不相同：分享或捐款之前，请先了解有关规定。',
      extremist: '阅读、保存、分享和捐款在法律上各不相同：保存、分享或捐款之前，请先了解有关规定。',
      blocked: '封锁本身与读者是否违法无关。阅读、分享和捐款在法律上各不相同。',
    },
    old: '本说明已超过 12 个月，有关规定可能已经改变。',
  },
};

export interface SafetyNote {
  language: UiLanguage;
  sentences: readonly string[];
}

/**
 * One note a country: every label with its source and date, then what is described of the law, in the page's language and the
 * country's own. `asOfAt` is the date of the page, against which the note's own age is told.
 */
export function safetyNotes(
  designations: readonly Designation[],
  publisher: string,
  ui: UiLanguage,
  asOfAt: number,
): readonly SafetyNote[] {
  const countries = [...new Set(designations.map((designation) => designation.country))];
  return countries.flatMap((country) => {
    const labels = designations.filter((designation) => designation.country === country);
    const languages = new Set([ui, COUNTRY_LANGUAGE[country] ?? ui]);
    return [...languages].map((language) => ({
      language,
      sentences: noteIn(language, country, labels, publisher, asOfAt),
    }));
  });
}

/** Every label with its date and source: what the source says, and no more. A country with several labels is named once. */
export function designationSentences(
  designations: readonly Designation[],
  publisher: string,
  language: UiLanguage,
): string[] {
  const m = MESSAGES[language];
  const times = createTimes(m, 'UTC');
  const regions = new Intl.DisplayNames(m.locale, { type: 'region' });
  return designations.map(({ country, status, since, source }, index) => {
    const listed = SAFETY_WORDS[language].listed[status];
    return fill(country === designations[index - 1]?.country ? withoutCountry(listed) : listed, {
      country: regions.of(country) ?? country,
      publisher,
      date: ISO_DATE.test(since) ? times.date(Date.parse(since)) : since,
      source: source.replace(/^https?:\/\/(?:www\.)?/, '').replace(/\/$/, ''),
    });
  });
}

/** A sentence of its own again. */
function withoutCountry(listed: string): string {
  const rest = listed.replace(COUNTRY_FIRST, '');
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}

function noteIn(
  language: UiLanguage,
  country: string,
  labels: readonly Designation[],
  publisher: string,
  asOfAt: number,
): string[] {
  const words = SAFETY_WORDS[language];
  const stated = designationSentences(labels, publisher, language);
  const gravest = GRAVEST_FIRST.find((status) => labels.some((label) => label.status === status));
  if (gravest === undefined) return stated;
  const known: Readonly<Record<string, string>> = words.described;
  const advice = fill(known[`${country} ${gravest}`] ?? words.otherwise[gravest], {
    described: createTimes(MESSAGES[language], 'UTC').monthInText(DESCRIBED_AT),
  });
  return [...stated, advice, ...(asOfAt - DESCRIBED_AT > OLD_AFTER_MS ? [words.old] : [])];
}
