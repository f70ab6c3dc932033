// Pictures of a running node for the README and docs/screenshots: every page on a phone and on a wide screen, by day and by night.
//
//   tsx scripts/screenshots.ts http://127.0.0.1:8080                     front and article of the demo's four papers
//   tsx scripts/screenshots.ts http://127.0.0.1:8080 /demo-en/ /about/   these pages
//
// --out DIR (docs/screenshots), --chromium FILE (/usr/bin/chromium, Debian's).
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Browser, chromium } from 'playwright-core';
import sharp from 'sharp';

/** Papers of the demo, and the article of each that has a bit of everything: picture, headings, a table. */
const PAPERS = [
  { language: 'en', front: '/demo-courier/', article: 'a1101/' },
  { language: 'ru', front: '/demo-vestnik/', article: 'a1201/' },
  { language: 'fa', front: '/demo-peyk/', article: 'a1301/' },
  { language: 'zh', front: '/demo-xinshi/', article: 'a1401/' },
] as const;
const WIDTHS = [360, 1280];
const SCHEMES = ['light', 'dark'] as const;
/** A front is long; what is worth showing stands in its first screens. */
const MAX_HEIGHT: Readonly<Record<number, number>> = { 360: 1_100, 1280: 900 };
/** Of WebP. The letters stay sharp, and all pictures together weigh less than two megabytes. */
const QUALITY = 50;

/** Nothing of the browser's own may call out. */
const FLAGS = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

interface Shot {
  name: string;
  path: string;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: 'string', default: 'docs/screenshots' },
    chromium: { type: 'string', default: '/usr/bin/chromium' },
  },
});
const [base, ...paths] = positionals;
if (base === undefined || !URL.canParse(base)) {
  console.error('Usage: tsx scripts/screenshots.ts BASE_URL [PATH ...] [--out DIR] [--chromium FILE]');
  process.exit(2);
}
await main(base, paths);

async function main(baseUrl: string, wanted: readonly string[]): Promise<void> {
  mkdirSync(values.out, { recursive: true });
  const browser = await chromium.launch({ executablePath: values.chromium, args: FLAGS });
  try {
    const shots = wanted.length > 0 ? wanted.map(named) : frontsAndArticles();
    for (const shot of shots) await shoot(browser, baseUrl, shot);
  } finally {
    await browser.close();
  }
}

function named(path: string): Shot {
  return { path, name: path.replace(/^\/|\/$/g, '').replace(/[^\w.-]+/g, '-') || 'front' };
}

function frontsAndArticles(): Shot[] {
  return PAPERS.flatMap(({ language, front, article }) => [
    { name: `front-${language}`, path: front },
    { name: `article-${language}`, path: front + article },
  ]);
}

async function shoot(browser: Browser, baseUrl: string, { name, path }: Shot): Promise<void> {
  for (const width of WIDTHS) {
    for (const colorScheme of SCHEMES) {
      const page = await browser.newPage({
        colorScheme,
        javaScriptEnabled: false,
        viewport: { width, height: width === 360 ? 740 : 800 },
        deviceScaleFactor: width === 360 ? 2 : 1,
      });
      const answer = await page.goto(new URL(path, baseUrl).href);
      if (answer?.ok() !== true)
        throw new Error(`${path} answered ${answer?.status()}; is it the demo, and has it read its papers?`);
      const file = join(values.out, `${name}-${width}-${colorScheme}.webp`);
      const shot = await page.screenshot({
        fullPage: true,
        clip: { x: 0, y: 0, width, height: MAX_HEIGHT[width] ?? 1_000 },
      });
      await page.close();
      await sharp(shot).webp({ quality: QUALITY, effort: 6, smartSubsample: true }).toFile(file);
      console.log(file);
    }
  }
}
