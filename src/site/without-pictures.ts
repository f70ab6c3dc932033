/** What `render/picture.tsx` draws: a picture inside the document, with or without a blur behind it. Attributes hold no `>`. */
const DRAWN = /<picture><source [^>]*><img [^>]*><\/picture>|<img [^>]*\bsrc="data:[^>]*>/g;

/** A page without the pictures it carries: captions, credits and links stay. The same text where it carries none. */
export const withoutPictures = (html: string): string => html.replace(DRAWN, '');
