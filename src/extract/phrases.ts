/**
 * What furniture says, in the languages of the press in exile and its neighbours. Never decisive alone: one feature among many. In
 * lower case, as the text they are compared with, since a pattern that heeds no case cannot skip ahead.
 */
const PHRASES = {
  related:
    /^(?:read (?:more|also|next|full)|also read|see also|related|more (?:on|from|about)|recommended|most read|don['’]t miss|you (?:may|might) also|click here|watch(?::| also)|in pictures|editor['’]s picks|top stories|up next|trending|keep reading|continue reading|lesen sie|mehr zum|auch interessant|lire aussi|à lire|a lire|sur le même|lee también|te puede interesar|leer más|leggi anche|lees ook|läs (?:också|mer)|les også|læs også|lue myös|czytaj (?:też|także)|zobacz też|čtěte|leia (?:mais|também)|devamını|читайте (?:также|ещё|по теме)|по теме|ещё по теме|смотрите также|читайте також|чытайце (?:таксама|яшчэ)|بیشتر بخوانید|延伸閱讀|相關|相关|関連)/u,
  appeal:
    /(?:sign up|subscri(?:be|ption)|newsletter|donat(?:e|ion)|support (?:us|our|independent)|become a (?:member|supporter)|join (?:us|now|our)|log ?in|create (?:an|your) account|download (?:the|our) app|free trial|follow us|get the latest|in your inbox|abonn|jetzt testen|anmelden|registrier|s['’]inscrire|suscr|iscriviti|nieuwsbrief|prenumerera|zapisz się|assine|подпи(?:шитесь|сывайтесь|сатьс)|поддерж(?:ите|ать)|донат|пожертв|рассылк|підпи(?:шіться|суйтесь)|падпі(?:шыцеся|сва)|訂閱|订阅|登録)/u,
  legal:
    /(?:©|all rights reserved|copyright|terms of (?:use|service)|privacy policy|cookie|alle rechte|tous droits|todos los derechos|tutti i diritti|все права|политик\S+ конфиденц|любое использование|この記事|無断)/u,
  social:
    /^(?:share|tweet|facebook|twitter|whatsapp|telegram|e-?mail|print|copy link|link copied|comment|\d+ comments?|like|save|bookmark|listen|teilen|drucken|merken|partager|compartir|condividi|delen|dela|udostępnij|поделиться|сохранить|слушать|печать|комментар|поділитися)/u,
  photo:
    /^(?:photo|image|picture|credit|file photo|getty|reuters|afp|ap photo|foto|bild|quelle|crédit|фото|изображение|иллюстрация|источник)\b|(?:getty images|\/ ?(?:reuters|afp|ap|tass|тасс|dpa|epa)\b|via (?:ap|getty|reuters)|shutterstock|\(ap photo|imago|picture alliance)/u,
  byline:
    /^(?:by|von|par|por|di|av|af|door|text:|автор|текст|written by|reporting by|author|posted by|staff)\s/u,
  date: /(?:\b\d{1,2}[:.]\d{2}\b|\b(?:19|20)\d{2}\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\b\d+ (?:min|hours?|days?|minutes?|мин|час|дн)\b|\bago\b)/u,
  updated:
    /^(?:updated?|published|posted|last (?:updated|modified)|stand|aktualisiert|publié|mis à jour|actualizado|aggiornato|обновлено|опубликовано|дата)/u,
  advert:
    /^(?:advertisement|advertising|ad|ads|anzeige|werbung|publicité|publicidad|pubblicità|advertentie|annons|reklama|реклама|sponsored|promoted)\b/u,
  correction:
    /^(?:correction|editor['’]s note|clarification|note:|disclaimer|this (?:article|story) (?:was|has been|first)|исправлен|уточнени)/u,
} as const;

export const PHRASE_NAMES = Object.keys(PHRASES) as (keyof typeof PHRASES)[];
const PATTERNS = Object.values(PHRASES);

/** Only the start of a long block is looked at, in characters: furniture speaks at once. */
const LOOKED_AT = 160;

const startOf = (text: string): string => text.slice(0, LOOKED_AT).toLowerCase();

const DATE = PHRASE_NAMES.indexOf('date');
/** What every date has, found at a fraction of the cost. */
const MAYBE_DATE = /\d|ago/;

/** Which groups of phrases a block's start belongs to, as bits in the order of `PHRASE_NAMES`. */
export function phraseBits(text: string): number {
  const start = startOf(text);
  let bits = 0;
  PATTERNS.forEach((pattern, index) => {
    if (index === DATE && !MAYBE_DATE.test(start)) return;
    if (pattern.test(start)) bits |= 1 << index;
  });
  return bits;
}

/** Whether a block begins as pointers to other texts do. */
export const pointsElsewhere = (text: string): boolean => PHRASES.related.test(startOf(text));

/** Whether a text asks for a subscription, a gift or a login, wherever in it. */
export const appeals = (text: string): boolean => PHRASES.appeal.test(text.toLowerCase());

/** Whether a text asks readers for something, names rights or points to other texts, wherever in it. */
export function speaksAsFurniture(text: string): boolean {
  const lower = text.toLowerCase();
  const { appeal, legal, related, social, advert } = PHRASES;
  return [appeal, legal, related, social, advert].some((pattern) => pattern.test(lower));
}
