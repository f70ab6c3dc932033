// Pictures of a running node for the README and docs/screenshots: every page on a phone and on a wide screen, by day and by night.
//
//   tsx scripts/screenshots.ts http://127.0.0.1:8080                     the four fronts and the first article of each
//   tsx scripts/screenshots.ts http://127.0.0.1:8080 /demo-en/ /about/   these pages
//
// --out DIR (docs/screenshots), --chromium FILE (/usr/bin/chromium, Debian's).
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Browser, chromium } from 'playwright-core';
import sharp from 'sharp';

const LANGUAGES = ['en', 'ru', 'fa', 'zh'];
const WIDTHS = [360, 1280];
const SCHEMES = ['light', 'dark'] as const;
/** A front is long; what is worth showing stands in its first screens. */
const MAX_HEIGHT = 1200;
/** Pages are ink on paper and one small picture: so many colors show no difference, at a third of the bytes. */
const COLORS = 96;

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
    const shots = wanted.length > 0 ? wanted.map(named) : await frontsAndArticles(browser, baseUrl);
    for (const shot of shots) await shoot(browser, baseUrl, shot);
  } finally {
    await browser.close();
  }
}

function named(path: string): Shot {
  return { path, name: path.replace(/^\/|\/$/g, '').replace(/[^\w.-]+/g, '-') || 'front' };
}

/** The front of each language, and the first headline on it that is written in that language. */
async function frontsAndArticles(browser: Browser, baseUrl: string): Promise<Shot[]> {
  const shots: Shot[] = [];
  const page = await browser.newPage();
  for (const language of LANGUAGES) {
    const path = `/${language}/`;
    await page.goto(new URL(path, baseUrl).href);
    shots.push({ name: `front-${language}`, path });
    const href = await page
      .locator(`h3:lang(${language}) a`)
      .first()
      .getAttribute('href', { timeout: 2_000 })
      .catch(() => null);
    if (href !== null) shots.push({ name: `article-${language}`, path: new URL(href, page.url()).pathname });
    else console.error(`${path} has no headline in ${language}: no article shown`);
  }
  await page.close();
  return shots;
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
      if (answer?.ok() !== true) throw new Error(`${path} answered ${answer?.status()}`);
      const file = join(values.out, `${name}-${width}-${colorScheme}.png`);
      const shot = await page.screenshot({
        fullPage: true,
        clip: { x: 0, y: 0, width, height: MAX_HEIGHT },
      });
      await page.close();
      await sharp(shot).png({ palette: true, colors: COLORS, effort: 10 }).toFile(file);
      console.log(file);
    }
  }
}
