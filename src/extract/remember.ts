/** Class names repeat all over a page and over a publisher's pages; so many are remembered before it starts afresh. */
const MOST_REMEMBERED = 50_000;

/** The function, with what it gave for each string remembered. */
export function remember<Result>(find: (text: string) => Result): (text: string) => Result {
  const known = new Map<string, Result>();
  return (text) => {
    let result = known.get(text);
    if (result === undefined) {
      const own = ownCopy(text);
      result = find(own);
      if (known.size >= MOST_REMEMBERED) known.clear();
      known.set(own, result);
    }
    return result;
  };
}

/** A piece of a page keeps the whole page in memory, as long as it is kept itself. */
const ownCopy = (text: string): string => ` ${text}`.slice(1);
