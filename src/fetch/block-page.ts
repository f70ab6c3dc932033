import { CHALLENGE_SIGNATURES } from './challenge-signatures.js';

type HeaderOf = (name: string) => string | null;

/** A challenge runs on little text; an article of fewer characters than this is seldom one (measured shortest: about 700). */
const SHORT_TEXT = 1_200;
/** A page that only runs a script says less than this. */
const NEARLY_NO_TEXT = 200;
/** Marks stand near the top; how much of a page is looked at. */
const LOOKED_AT = 65_536;

/** The beginning of a body as text: by its byte order mark or as UTF-8, which leaves ASCII marks right in any other charset. */
export function startOf(body: Uint8Array): string {
  const start = body.subarray(0, LOOKED_AT);
  if (start[0] === 0xff && start[1] === 0xfe) return new TextDecoder('utf-16le').decode(start);
  if (start[0] === 0xfe && start[1] === 0xff) return new TextDecoder('utf-16be').decode(start);
  return new TextDecoder('utf-8').decode(start);
}

/**
 * White space, comments, the XML declaration and the doctype that may stand before the first element. Repeats in this file
 * are bounded wherever a page made for it could otherwise make them scan all of itself again and again.
 */
const PROLOG =
  /^(?:\s|<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!doctype[^>[]{0,500}(?:\[[^\]]{0,8000}\]\s{0,50})?>)*/i;
const HTML_ROOT = /^<(?:html|head|body|title|meta|script|style|link|noscript|div|center|h1|table)[\s>/]/i;

/** Whether a body is HTML or XHTML by what it holds, whatever its Content-Type says. */
export function isHtml(text: string): boolean {
  const prolog = PROLOG.exec(text)?.[0] ?? '';
  return /<!doctype\s+html/i.test(prolog) || HTML_ROOT.test(text.slice(prolog.length));
}

/** What a reader would see, roughly: scripts, styles and tags off, white space folded. */
function visibleText(html: string): string {
  return html
    .replace(/<(script|style|noscript|template|svg|head)\b[\s\S]*?(?:<\/\1\s*>|$)/gi, ' ')
    .replace(/<[^<>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Whose page stands in front of the wanted one, by a header alone, or null. */
export function challengeInHeaders(header: HeaderOf): string | null {
  const signature = CHALLENGE_SIGNATURES.find(
    (mark) => 'header' in mark && mark.value.test(header(mark.header) ?? ''),
  );
  return signature === undefined ? null : `${signature.name} asks for a browser`;
}

/** What stands in front of the wanted page, in words for the keeper; null where nothing does. For HTML only. */
export function challengeInPage(html: string): string | null {
  const text = visibleText(html);
  const isShort = text.length < SHORT_TEXT;
  const signature = CHALLENGE_SIGNATURES.find(
    (mark) => 'body' in mark && (isShort || !mark.shortOnly) && mark.body.test(html),
  );
  if (signature !== undefined) return `a page of ${signature.name} stands in front`;
  if (text.length >= NEARLY_NO_TEXT) return null;
  if (/<meta[^>]{1,200}http-equiv\s*=\s*["']?refresh/i.test(html))
    return 'the page only sends the browser elsewhere';
  if (
    /<script\b/i.test(html) &&
    /document\.cookie\s*=|location\.(reload|replace|assign|href\s*=)|location\s*=/.test(html)
  ) {
    return 'the page only runs a script and loads again';
  }
  return null;
}

const LOGIN_PATH = /\/(log-?in|sign-?in|auth|sso|account|subscribe)(?:[/.?]|$)/i;

/**
 * Whether a page is a login where an article is due: it asks for a password and either says little else or was reached by
 * a redirect to a login path. An article with a small login box in its header is neither.
 */
export function isLoginPage(html: string, askedFor: URL, answered: URL): boolean {
  if (!/<input[^>]{1,300}type\s*=\s*["']?password/i.test(html)) return false;
  const wasSentThere = LOGIN_PATH.test(answered.pathname) && !LOGIN_PATH.test(askedFor.pathname);
  return wasSentThere || visibleText(html).length < SHORT_TEXT;
}
