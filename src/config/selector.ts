const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']' };

/** Whether brackets and quotes of a CSS selector are closed. The engine has the last word; this catches slips of the pen. */
export function isSelector(text: string): boolean {
  if (text.trim() === '' || text.length > 300 || /[{};<@]|\/\*/.test(text)) return false;
  const open: string[] = [];
  let quote: string | null = null;
  for (let i = 0; i < text.length; i += 1) {
    const char = text.charAt(i);
    if (char === '\\') i += 1;
    else if (quote !== null) quote = char === quote ? null : quote;
    else if (char === '"' || char === "'") quote = char;
    else if (CLOSING[char] !== undefined) open.push(CLOSING[char]);
    else if ((char === ')' || char === ']') && open.pop() !== char) return false;
  }
  return quote === null && open.length === 0 && !/(?:^|,)\s*(?:,|$)|[>+~]\s*$/.test(text);
}
