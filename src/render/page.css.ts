import { createHash } from 'node:crypto';

// The whole look of a page, at most 1,536 bytes minified. It must not contain `<`, `>`, `&` or quotes: then it stands in the
// document as it is. Logical properties throughout, so that right-to-left mirrors by itself; letters are never spaced, which
// would tear Arabic script apart.
//   --p paper  --i ink  --m muted ink  --l line  --a accent  --h line height of the script
//   .w wide page (lists)  .b masthead  .k small type  .s standfirst  .t lead story  .n notice  .x wide content that scrolls
const SOURCE = `
:root{color-scheme:light dark;--p:#fffdf8;--i:#1c1a17;--m:#6a6359;--l:#d9d1c3;--a:#8f2418;--h:1.55}
@media(prefers-color-scheme:dark){:root{--p:#161410;--i:#e8e1d4;--m:#a79e91;--l:#3d382f;--a:#ec9a86}}
:lang(fa),:lang(zh){--h:1.85}
body{margin:0 auto;max-width:36em;padding:1em 1.1em 3em;background:var(--p);color:var(--i);font:1.06em/var(--h) Charter,Georgia,Noto Serif,serif;overflow-wrap:anywhere}
.w{max-width:76em}
a{color:inherit;text-decoration-color:var(--m);text-underline-offset:.18em}
a:hover{color:var(--a)}
:focus-visible{outline:2px solid var(--a);outline-offset:3px}
header,footer,nav,figcaption,table,pre,form,.k,.n{font:.82rem/calc(var(--h) - .05) system-ui,sans-serif;color:var(--m)}
header{border-bottom:3px double var(--l);padding-bottom:.6em}
nav{padding:.3em 0}
nav a,.b a,h3 a{text-decoration:none}
nav a{display:inline-block;padding:.35em 0;margin-inline-end:1.1em}
[aria-current],.k b,mark{color:var(--a);background:none;font-weight:600}
.b,h1{font:700 1.85rem/calc(var(--h) - .38) Charter,Georgia,Noto Serif,serif;color:var(--i);margin:.1em 0;text-wrap:balance}
h2{font:700 .82rem system-ui,sans-serif;color:var(--a);margin:1.6em 0 .2em;padding-top:.7em;border-top:1px solid var(--l)}
h3{font-size:1.13em;line-height:calc(var(--h) - .27);margin:.1em 0;text-wrap:pretty}
h3 a:visited{color:var(--m)}
.k{margin:0}
.k+p{margin:.2em 0 0}
`;

/** Deterministic: drops line ends and the blanks around braces. */
const minify = (css: string): string => css.trim().replace(/\n/g, '');

/** The content of the one `<style>` element. */
export const STYLE = minify(SOURCE);

/** For `Content-Security-Policy: style-src`: allows exactly this style element and no style attribute. */
export const STYLE_CSP_SOURCE = `'sha256-${createHash('sha256').update(STYLE, 'utf8').digest('base64')}'`;
