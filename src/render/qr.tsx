import type { QrModules } from './site-views.js';

/** White modules round the code that ISO/IEC 18004 asks for. */
const QUIET = 4;

/** A QR code as one SVG path: dark on white in any color scheme, since scanners want it so. Needs no request and no style. */
export function QrCode({ modules, label }: { modules: QrModules; label: string }) {
  const side = modules.length + 2 * QUIET;
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${side} ${side}`}
      width={side * 4}
      height={side * 4}
      shape-rendering="crispEdges"
    >
      <path fill="#fff" d={`M0 0h${side}v${side}H0z`} />
      <path d={runs(modules)} />
    </svg>
  );
}

/** One rectangle for each run of dark modules in a row. */
function runs(modules: QrModules): string {
  const path: string[] = [];
  modules.forEach((row, y) => {
    for (let x = 0; x < row.length; x += 1) {
      if (row[x] !== true) continue;
      const start = x;
      while (row[x + 1] === true) x += 1;
      path.push(`M${start + QUIET} ${y + QUIET}h${x + 1 - start}v1H${start + QUIET}z`);
    }
  });
  return path.join('');
}
