const CREDENTIALS = /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/?#]+@/gi;

/** `text` with user names and passwords of URLs covered: `http://***@proxy.example:3128/`. */
export const maskCredentials = (text: string): string => text.replace(CREDENTIALS, '$1***@');
