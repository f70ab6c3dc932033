import { isBaseUrl, isContact } from '../config/addresses.js';
import { nearest } from '../config/nearest.js';
import type { Publisher } from '../domain/publisher.js';
import { type Conversation, type Question, yesOrNo } from './ask.js';

/** What a new node is to be: the answers of `init`. */
export interface InitAnswers {
  name: string;
  contact: string | null;
  publishers: readonly string[];
  /** Trust strings of nodes to follow in place of publishers. */
  join: readonly string[];
  /** The address readers use; null: this machine alone. */
  url: string | null;
  pictures: boolean;
  gigabytes: number;
  publish: 'full' | 'teaser';
}

export const DEFAULT_ANSWERS: InitAnswers = {
  name: 'Tamizdat',
  contact: null,
  publishers: ['moscow-times', 'moscow-times-ru'],
  join: [],
  url: null,
  pictures: true,
  gigabytes: 50,
  publish: 'full',
};

type Read<T> = Question<T>['read'];

export const readName: Read<string> = (answer) =>
  answer.length <= 80 ? { value: answer } : { wrong: 'At most 80 letters, please.' };

export const readContact: Read<string | null> = (answer) =>
  answer === '' || answer === 'none'
    ? { value: null }
    : isContact(answer)
      ? { value: answer }
      : { wrong: 'That is neither a mail address nor an http(s) URL.' };

export const readUrl: Read<string | null> = (answer) => {
  if (answer === '' || answer === 'none') return { value: null };
  return isBaseUrl(answer)
    ? { value: answer.endsWith('/') ? answer : `${answer}/` }
    : { wrong: 'An address such as https://mirror.example.org/, or nothing.' };
};

export const readGigabytes: Read<number> = (answer) => {
  const value = Number(answer.replace(/ *gb$/i, ''));
  return Number.isInteger(value) && value >= 1 && value <= 1_000_000
    ? { value }
    : { wrong: 'A whole number of gigabytes, at least 1.' };
};

const readPublish: Read<'full' | 'teaser'> = (answer) =>
  answer === 'full' || answer === 'teaser' ? { value: answer } : { wrong: 'Please say full or teaser.' };

const TRUST_STRING = /^tz1:[A-Za-z0-9_-]{43}@\S+$/;

/** Ids or numbers of the list, commas or blanks between them; or a trust string of another node. */
export const readSources =
  (known: readonly Publisher[]): Read<Pick<InitAnswers, 'publishers' | 'join'>> =>
  (answer) => {
    if (answer.startsWith('tz1:')) {
      return TRUST_STRING.test(answer)
        ? { value: { publishers: [], join: [answer] } }
        : { wrong: 'That is no whole trust string: tz1:, 43 letters, @ and one or more addresses.' };
    }
    const ids: string[] = [];
    for (const word of answer.split(/[\s,]+/).filter((part) => part !== '')) {
      const id = /^\d+$/.test(word) ? known[Number(word) - 1]?.id : known.find((one) => one.id === word)?.id;
      if (id === undefined) {
        const meant = nearest(
          word,
          known.map((one) => one.id),
        );
        return { wrong: `there is no publisher ${word}${meant === null ? '' : `; did you mean ${meant}?`}` };
      }
      if (!ids.includes(id)) ids.push(id);
    }
    return ids.length > 0 ? { value: { publishers: ids, join: [] } } : { wrong: 'Name at least one.' };
  };

const listOf = (known: readonly Publisher[]): string =>
  known
    .map(({ id, names, language }, index) => {
      const name = names[language] ?? names.en ?? id;
      return `  ${String(index + 1).padStart(2)}  ${id}  ${name} (${language})`;
    })
    .join('\n');

/** The five questions, with what flags already said as what an empty line stands for. */
export async function askAll(
  talk: Conversation,
  known: readonly Publisher[],
  given: InitAnswers,
): Promise<InitAnswers> {
  talk.say('Five questions; an empty line takes what stands in brackets. Everything can be changed later.\n');
  const name = await talk.ask({ text: '1. Name of this mirror', fallback: given.name, read: readName });
  const contact = await talk.ask({
    text: '   A mail address or URL where readers and providers reach you',
    fallback: given.contact ?? '',
    read: readContact,
  });
  talk.say(`\n2. Whom to mirror:\n${listOf(known)}`);
  const sources = await talk.ask({
    text: '   Numbers or ids, or the tz1:... line of a node to follow',
    fallback: given.join[0] ?? given.publishers.join(','),
    read: readSources(known),
  });
  talk.say('\n3. The address readers will use. Without one the node answers on this machine only.');
  const url = await talk.ask({
    text: '   Such as https://mirror.example.org/ or http://....onion/',
    fallback: given.url ?? '',
    read: readUrl,
  });
  talk.say('');
  const pictures = await talk.ask(yesOrNo('4. With pictures?', given.pictures ? 'yes' : 'no'));
  const gigabytes = await talk.ask({
    text: '   Gigabytes that serving may cost in a month',
    fallback: String(given.gigabytes),
    read: readGigabytes,
  });
  if (sources.join.length > 0) return { ...given, ...sources, name, contact, url, pictures, gigabytes };
  const without = known.filter(
    ({ id, rights }) => sources.publishers.includes(id) && rights.basis === 'none-recorded',
  );
  talk.say('');
  if (without.length > 0) {
    talk.say(
      `   No permission to republish whole texts is recorded for ${without.map(({ id }) => id).join(', ')}.`,
    );
  }
  const publish = await talk.ask({
    text: '5. Whole texts (full), or two paragraphs and the link (teaser)?',
    fallback: given.publish,
    read: readPublish,
  });
  return { ...sources, name, contact, url, pictures, gigabytes, publish };
}
