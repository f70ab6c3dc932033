import { createHash } from 'node:crypto';

// The whole look of a page, at most 1,536 bytes minified. It must not contain `<`, `>`, `&` or quotes: then it stands in the
// document as it is. Logical properties throughout, so that right-to-left mirrors by itself; letters are never spaced, which
// would tear Arabic script apart.
//   --p paper  --i ink  --m muted ink  --l line  --a accent  --h line height of the script
//   .w wide page (lists)  .k small type  .s standfirst  .t lead story  .n notice  .x wide content that scrolls
// Headings in a section are labels over a grid of headlines; elsewhere they belong to the text. A heading's line is 0.8 of the
// script's. Persian and Chinese want more air than alphabets. A lead with a picture takes two columns and three rows.
const SOURCE = `
:root{color-scheme:light dark;--p:#fffdf8;--i:#222;--m:#6a6359;--a:#921;--h:1.55}
@media(prefers-color-scheme:dark){:root{--p:#161410;--i:#e8e1d4;--m:#a79e91;--a:#e98}}
:lang(fa),:lang(zh){--h:1.85}
body{margin:auto;max-width:36em;padding:.6em 1em 1em;background:var(--p);color:var(--i);font:1.06em/var(--h) Charter,Georgia,Noto Serif,serif;overflow-wrap:anywhere}
.w{max-width:66em}
a{color:inherit}
:focus-visible{outline:2px solid}
nav a,header a,h3 a{text-decoration:none}
nav,figcaption,table,.k{font:.82rem/1.5 system-ui;color:var(--m)}
.k b,[aria-current]{color:var(--a)}
header{border-bottom:3px double}
footer{border-top:3px double;margin-top:2em}
h1,h2,h3{line-height:calc(var(--h)*.8);text-wrap:balance}
h1{font-size:calc(1.5rem + 1vw)}
h2{font-size:1.25em}
h3 a:visited,.s{color:var(--m)}
.s{font-size:1.1em}
section{display:grid;grid:none/repeat(auto-fill,minmax(16em,1fr));gap:1.4em 2em}
section *,h1,header p{margin:.2em 0}
section h2,.t{grid-column:1/-1}
section h2{font:700 .82rem system-ui;color:var(--a);margin:1.5em 0 -.6em}
section h2,.n{border-top:1px solid #8885;padding-top:.6em}
.t h3{font-size:1.7em}
nav *{display:inline-block;padding:.4em 0;margin-inline-end:1em}
p{max-width:39rem}
figure{margin:0 0 1em}
img{width:100%;height:auto}
blockquote{margin:0;padding-inline-start:1em;border-inline-start:3px solid var(--a)}
.x{overflow:auto;overflow-wrap:normal}
td,th{padding:.3em;text-align:start}
form *{font:inherit;max-width:100%}
@media(min-width:46em){.t:has(img){grid-column:span 2;grid-row:span 3}}
@media print{nav,form{display:none}}
`;

/** Deterministic: drops line ends and the blanks around braces. */
const minify = (css: string): string => css.trim().replace(/\n/g, '');

/** The content of the one `<style>` element. */
export const STYLE = minify(SOURCE);

/** For `Content-Security-Policy: style-src`: allows exactly this style element and no style attribute. */
export const STYLE_CSP_SOURCE = `'sha256-${createHash('sha256').update(STYLE, 'utf8').digest('base64')}'`;
