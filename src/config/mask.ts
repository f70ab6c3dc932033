const CREDENTIALS = /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/?#]+@/gi;

/** `text` with user names and passwords of URLs covered: `http://***@proxy.example:3128/`. */
export const maskCredentials = (text: string): string => text.replace(CREDENTIALS, '$1***@');

/** A secret as it may be printed: of an address only user and password are one, anything else is one altogether. */
export const maskSecret = (text: string): string =>
  /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? maskCredentials(text) : '***';
