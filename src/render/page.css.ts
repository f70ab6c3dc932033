import { createHash } from 'node:crypto';

// The whole look of a page, at most 1,536 bytes minified. It must not contain `<`, `>`, `&` or quotes: then it stands in the
// document as it is. Logical properties throughout, so that right-to-left mirrors by itself; letters are never spaced, which
// would tear Arabic script apart.
//   --m muted ink  --a accent  --h line height of the script
//   .w wide page (lists)  .k small type  .s standfirst  .t lead story  .n notice  .x wide content that scrolls
// Headings in a section label a group of headlines; elsewhere they belong to the text. A heading's line is 0.8 of the script's.
// Persian and Chinese want more air than alphabets. A summary is cut to two lines here as well, since only the screen knows them; the
// lead's (`.s`) stands whole. `color-scheme` is a meta element of the document, where it costs no byte of the style.
// From 46 em on the label of a group stands in a margin of its own: the width goes to headlines, not to the length of a line. It
// spans more rows than a group has, so that the headlines fill the two columns beside it; rows without content have no height.
const SOURCE = `
body{--m:#765;--a:#921;--h:1.55;margin:auto;max-width:36em;padding:.5em 1em;background:#fffdf8;color:#222;font:1.06em/var(--h) Georgia,serif;overflow-wrap:anywhere}
@media(prefers-color-scheme:dark){body{--m:#ba9;--a:#e98;background:#111;color:#eed}}
:lang(fa),:lang(zh){--h:1.8}
.w{max-width:66em}
a{color:inherit}
nav a,header a,h3 a,.k b a{text-decoration:none}
nav,table,.k{font:.8rem/1.5 system-ui}
nav,.k,.s,h3 :visited{color:var(--m)}
.k b,[aria-current]{color:var(--a)}
p,blockquote,.n,.x{margin:0 0 1em}
h1,h2,h3{line-height:calc(var(--h)*.8);text-wrap:balance}
h1,.t h3{font-size:calc(1.5rem + 1vw);margin:.4em 0}
h2{font-size:1.25em;margin:1.5em 0 .4em}
h2 time{display:block}
.s{font-size:1.1em}
header{display:flex;flex-flow:wrap;align-items:baseline;gap:0 2em}
header,main{border-bottom:double}
section *,header *{margin:.2em 0}
article section p,figure{margin:.8em 0}
section h2{padding-top:.95rem}
article{padding:.7em 0}
table{border-spacing:0}
section,td,th{border-top:1px solid #8885}
td,th{padding:.4em;text-align:start}
.w h3+:not(.s){display:-webkit-box;-webkit-line-clamp:2;-webkit-box-orient:vertical;overflow:hidden}
nav *{display:inline-block;padding:.4em}
nav{margin:0 -.4em}
figure{break-inside:avoid}
img{width:100%;height:auto}
blockquote,.n{padding:0 1em;border-inline-start:solid var(--a)}
.x{overflow:auto;overflow-wrap:normal}
form *{font:inherit;max-width:100%}
@media(min-width:46em){.w section{display:grid;grid:none/9em 1fr 1fr;gap:0 2em}.w h2{grid-row:1/20}.t{grid-column:2/4}.g{columns:2;gap:2em}}
@media print{nav{display:none}}
`;

/** Deterministic: drops line ends and the blanks around braces. */
const minify = (css: string): string => css.trim().replace(/\n/g, '');

/** The content of the one `<style>` element. */
export const STYLE = minify(SOURCE);

/** For `Content-Security-Policy: style-src`: allows exactly this style element and no style attribute. */
export const STYLE_CSP_SOURCE = `'sha256-${createHash('sha256').update(STYLE, 'utf8').digest('base64')}'`;
