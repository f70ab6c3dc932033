import { createHash } from 'node:crypto';

// The keeper's page: one person, one machine, so no byte is counted here. `<`, `>`, `&` and quotes stay out, so that it stands in
// the document as it is. Colors of charts differ in lightness as well as in hue; each state is a word before it is a color.
const SOURCE = `
:root{color-scheme:light dark;--paper:#fffdf8;--card:#fff;--ink:#222;--muted:#6a6359;--line:#ddd5c6;--accent:#921;
--good:#2e6b3f;--warn:#8a5a00;--bad:#a31515;--a:#2b5f8a;--b:#a9bccb;--c:#d08a1d;--d:#a31515}
@media(prefers-color-scheme:dark){:root{--paper:#161410;--card:#1f1c17;--ink:#e8e1d4;--muted:#a79e91;--line:#3a352c;--accent:#e98;
--good:#86c795;--warn:#e3b04b;--bad:#ff8f85;--a:#7fb2dc;--b:#4d6274;--c:#d9a441;--d:#f0726a}}
*{box-sizing:border-box}
body{margin:auto;max-width:76rem;padding:1rem;background:var(--paper);color:var(--ink);font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
h1,h2,h3,p,ul,dl,dd,figure{margin:0}
ul{padding:0;list-style:none}
h1{font:700 1.7rem/1.2 Charter,Georgia,Noto Serif,serif}
h2{font-size:.85rem;text-transform:uppercase;letter-spacing:.06em;color:var(--accent);margin:2rem 0 .6rem;border-top:1px solid var(--line);padding-top:.6rem}
main section:first-child h2{border:0;margin-top:.6rem}
h3{font-size:1rem}
a{color:inherit}
:focus-visible{outline:2px solid;outline-offset:2px}
header{display:flex;flex-wrap:wrap;gap:.4rem 1.5rem;align-items:baseline;border-bottom:3px double var(--line);padding-bottom:.7rem}
header p,.muted{color:var(--muted);font-size:.88rem}
.verdict{margin-inline-start:auto;font-weight:600;color:var(--good);font-size:1rem}
.verdict.warn{color:var(--warn)}
.verdict.fail{color:var(--bad)}
.stack{display:grid;gap:.7rem}
.card{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.8rem 1rem}
.ask{border-inline-start:.35rem solid var(--accent)}
.warn.card{border-inline-start:.35rem solid var(--warn)}
.fail.card{border-inline-start:.35rem solid var(--bad)}
.said{border-inline-start:.35rem solid var(--good)}
.ask form{display:inline-block;margin:.6rem .5rem 0 0}
button{font:inherit;font-weight:600;padding:.5rem 1rem;min-height:2.75rem;border:1px solid var(--ink);border-radius:.4rem;background:var(--ink);color:var(--paper);cursor:pointer}
button.quiet{background:none;color:var(--ink)}
code{font:.85em ui-monospace,monospace;background:#8882;padding:.1em .35em;border-radius:.25em}
.tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(9rem,1fr));gap:.7rem;margin-top:1rem}
@media(min-width:48rem){.tiles{grid-template-columns:repeat(auto-fill,minmax(15rem,1fr))}}
.tiles dt{color:var(--muted);font-size:.82rem}
.tiles dd{font-size:1.35rem;font-weight:650;line-height:1.25}
.tiles small{display:block;font-weight:400;font-size:.82rem;color:var(--muted);line-height:1.4}
.meter{display:block;width:100%;height:.45rem;margin:.35rem 0 .2rem}
.meter .back{fill:#8883}
.meter .full{fill:var(--a)}
.meter .near{fill:var(--bad)}
.publishers{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,26rem),1fr));gap:.7rem}
.publisher header{border:0;padding:0;gap:0 .8rem}
.publisher li{border-top:1px solid var(--line);padding:.45rem 0;margin-top:.45rem;font-size:.88rem}
.state{display:inline-block;font-weight:650;padding:0 .5em;border:1px solid;border-radius:1em;font-size:.8rem;margin-inline-end:.4em}
.fresh{color:var(--good)}
.quiet-state,.suspect,.stale{color:var(--warn)}
.blocked,.broken{color:var(--bad)}
.untried{color:var(--muted)}
.charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,30rem),1fr));gap:.7rem}
.chart{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.8rem 1rem}
.chart svg{display:block;width:100%;height:8rem}
.chart .grid{stroke:var(--line);fill:none;vector-effect:non-scaling-stroke}
.chart .day{fill:transparent}
.chart g:hover .day{fill:#8882}
rect.a{fill:var(--a)}rect.b{fill:var(--b)}rect.c{fill:var(--c)}rect.d{fill:var(--d)}
.swatch{display:inline-block;width:.8em;height:.8em;border-radius:.15em}
.swatch.a{background:var(--a)}.swatch.b{background:var(--b)}.swatch.c{background:var(--c)}.swatch.d{background:var(--d)}
.legend{display:flex;flex-wrap:wrap;gap:0 1rem;font-size:.8rem;color:var(--muted)}
.scale,.days{font-size:.75rem;color:var(--muted)}
.days{display:flex;justify-content:space-between}
summary{font-size:.82rem;color:var(--muted);cursor:pointer;padding:.4rem 0}
.scroll{overflow:auto;max-height:20rem}
table{border-collapse:collapse;font-size:.82rem}
th,td{padding:.2rem .8rem .2rem 0;text-align:start;font-weight:400;font-variant-numeric:tabular-nums;white-space:nowrap}
thead th{color:var(--muted)}
footer{margin-top:2rem;border-top:3px double var(--line);padding-top:.7rem;color:var(--muted);font-size:.85rem}
`;

/** The content of the page's one `<style>`. */
export const KEEPER_STYLE = SOURCE.trim();

/** For `style-src`: exactly this style and no other. */
export const KEEPER_STYLE_SOURCE = `'sha256-${createHash('sha256').update(KEEPER_STYLE, 'utf8').digest('base64')}'`;
