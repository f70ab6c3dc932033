import type { Messages } from './messages/every-word.js';
import { fill } from './messages.js';

/** Numbers of one moment in one zone and calendar. `weekday`: 0 is Sunday. */
interface Moment {
  year: number;
  month: string;
  monthNumber: number;
  day: number;
  weekday: number;
  /** `UTC+3` */
  offset: string;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${JSON.stringify(options)}`;
  let made = formats.get(key);
  if (made === undefined) {
    made = new Intl.DateTimeFormat(locale, options);
    formats.set(key, made);
  }
  return made;
}

const part = (parts: readonly Intl.DateTimeFormatPart[], type: Intl.DateTimeFormatPartTypes): string =>
  parts.find((candidate) => candidate.type === type)?.value ?? '';

/** Intl gives the calendar and the zone; the order of the words is the language's own, so that no ICU update moves a byte. */
function momentIn(locale: string, calendar: 'gregory' | 'persian', timeZone: string, at: number): Moment {
  const numbers = format(`en-u-ca-${calendar}-nu-latn`, {
    timeZone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    timeZoneName: 'longOffset',
  }).formatToParts(at);
  const named = format(`${locale}-u-ca-${calendar}`, {
    timeZone,
    day: 'numeric',
    month: 'long',
  }).formatToParts(at);
  const year = Number(part(numbers, 'year'));
  const offset = part(numbers, 'timeZoneName')
    .replace('GMT', 'UTC')
    .replace(/([+-])0/, '$1')
    .replace(':00', '');
  return {
    year,
    month: part(named, 'month'),
    monthNumber: Number(part(numbers, 'month')),
    day: Number(part(numbers, 'day')),
    weekday: WEEKDAYS.indexOf(format('en', { timeZone, weekday: 'short' }).format(at)),
    offset,
  };
}

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const DAY_MS = 86_400_000;
const NBSP = '\u00a0';

export type Times = ReturnType<typeof createTimes>;

/** Dates and times as one language writes them, in one zone. Persian has its own calendar first, the Gregorian beside it. */
export function createTimes(m: Messages, timeZone: string) {
  const persian = m.locale === 'fa';
  const gregorian = (at: number) => momentIn(m.locale, 'gregory', timeZone, at);
  const solar = (at: number) => momentIn(m.locale, 'persian', timeZone, at);
  const digits = (text: string | number) =>
    persian ? String(text).replace(/[0-9]/g, (digit) => '۰۱۲۳۴۵۶۷۸۹'[Number(digit)] ?? digit) : String(text);
  const weekday = (at: number) => format(m.locale, { timeZone, weekday: 'long' }).format(at);

  function dayAndMonth(moment: Moment, blank = ' '): string {
    if (m.locale.startsWith('zh')) return `${moment.monthNumber}月${moment.day}日`;
    return `${digits(moment.day)}${blank}${moment.month}`;
  }

  function fullDate(moment: Moment): string {
    if (m.locale.startsWith('zh')) return `${moment.year}年${dayAndMonth(moment)}`;
    return `${dayAndMonth(moment)} ${digits(moment.year)}`;
  }

  /** `23 November 2026` */
  const date = (at: number): string =>
    persian ? `${fullDate(solar(at))} (${fullDate(gregorian(at))})` : fullDate(gregorian(at));

  /** `08:02` */
  const clock = (at: number): string =>
    digits(
      format('en-u-nu-latn', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at),
    );

  /** `Moscow`, `UTC+3` */
  function zone(at: number): string {
    const names: Readonly<Record<string, string>> = m.zones;
    return names[timeZone] ?? digits(gregorian(at).offset);
  }

  /** `November 2026`, as it stands inside a sentence. */
  function monthInText(at: number): string {
    const { year, monthNumber } = gregorian(at);
    if (m.locale.startsWith('zh')) return `${year}年${monthNumber}月`;
    return `${format(`${m.locale}-u-ca-gregory`, { timeZone, month: 'long' }).format(at)} ${digits(year)}`;
  }

  /** `23 November, 11:02`, or only `11:02` on the same day as `beside`. */
  function moment(at: number, beside: number | null): string {
    if (beside !== null && date(at) === date(beside)) return clock(at);
    return `${dayAndMonth(persian ? solar(at) : gregorian(at), NBSP)}${persian ? '،' : m.locale.startsWith('zh') ? '' : ','} ${clock(at)}`;
  }

  return {
    date,
    moment,
    clock,
    zone,

    /** `23 November 2026, 11:02 (Moscow)` */
    dateTime(at: number): string {
      if (m.locale.startsWith('zh')) return `${date(at)} ${clock(at)}（${zone(at)}）`;
      return persian ? `${date(at)}، ${clock(at)} ${zone(at)}` : `${date(at)}, ${clock(at)} ${zone(at)}`;
    },

    /** `Monday, 23 November`; where it is broken, then after the weekday. */
    day(at: number): string {
      const name = weekday(at);
      if (m.locale.startsWith('zh')) return `${dayAndMonth(gregorian(at))} ${name}`;
      if (persian) return `${name} ${dayAndMonth(solar(at), NBSP)} (${dayAndMonth(gregorian(at), NBSP)})`;
      return `${name.charAt(0).toUpperCase()}${name.slice(1)}, ${dayAndMonth(gregorian(at), NBSP)}`;
    },

    /** `November 2026`; in Persian with the two Persian months it spans. */
    month(at: number): string {
      const name = monthInText(at);
      if (!persian) return name.charAt(0).toUpperCase() + name.slice(1);
      const first = at - (gregorian(at).day - 1) * DAY_MS;
      const last = solar(first + 27 * DAY_MS);
      return `${name} (${solar(first).month} و ${last.month} ${digits(last.year)})`;
    },

    monthInText,

    /** `That is everything since Tuesday.`: the weekday within the last six days, else the date. */
    everythingSince(at: number, asOfAt: number): string {
      const phrase = m.list.everythingSinceWeekday[gregorian(at).weekday];
      if (phrase !== undefined && asOfAt - at < 6 * DAY_MS) return phrase;
      return fill(m.list.everythingSinceDate, { date: date(at) });
    },

    /** For `<time datetime>`, to the minute. */
    machine: (at: number): string => `${new Date(at).toISOString().slice(0, 16)}Z`,
  };
}
