const tables = new Map<string, ReadonlyMap<string, readonly number[]>>();

/** Bytes of `text` in a charset that TextDecoder knows and TextEncoder does not: its own tables, read backwards. */
export function encodeAs(text: string, charset: string): Uint8Array {
  const table = tables.get(charset) ?? tableOf(charset);
  tables.set(charset, table);
  return Uint8Array.from(
    [...text].flatMap((char) => {
      const bytes = table.get(char);
      if (bytes === undefined) throw new Error(`${char} is not in ${charset}`);
      return bytes;
    }),
  );
}

function tableOf(charset: string): ReadonlyMap<string, readonly number[]> {
  // Node 20 decodes windows-1252 as Latin-1; the Turkish code page has the same quotes and dashes.
  const decoder = new TextDecoder(charset === 'windows-1252' ? 'windows-1254' : charset);
  const table = new Map<string, readonly number[]>();
  const add = (bytes: readonly number[]) => {
    const text = decoder.decode(Uint8Array.from(bytes));
    if ([...text].length === 1 && text !== '\ufffd' && !table.has(text)) table.set(text, bytes);
  };
  for (let one = 0; one < 256; one++) add([one]);
  for (let first = 0x81; first < 0xff; first++)
    for (let second = 0x40; second < 0xff; second++) add([first, second]);
  return table;
}
