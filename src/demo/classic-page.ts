import { escapeText } from './escape-text.js';
import { bodyHtml, htmlDocument, link, type PageBlock, type PageInput, timeTag } from './page-parts.js';
import type { Furniture } from './stock.js';
import { type Story, storyPath } from './story.js';
import { TIME_ZONES } from './zones.js';

/** Class prefix by edition: two sites on one system, as a publisher's English and Russian sites often are. */
const PREFIX = { en: 'article', ru: 'material', fa: 'article', zh: 'article' } as const;

/** An article page in the shape of an established publisher's: named classes, so that selectors can find everything. */
export function classicPage(input: PageInput): string {
  const { story, words } = input;
  const p = PREFIX[story.language];
  return htmlDocument(
    input,
    true,
    `${masthead(input)}
<div class="contribute-banner"><strong>${escapeText(words.donation.title)}</strong> ${link(`/${story.language}/support`, words.donation.button)}</div>
<main class="container">
<article class="${p}">
<header class="${p}__header">
<span class="label">${escapeText(words.sections[story.section] ?? '')}</span>
<h1>${escapeText(story.title)}</h1>
${story.subtitle === '' ? '' : `<h2>${escapeText(story.subtitle)}</h2>`}
</header>
<div class="${p}__byline byline"><span class="byline__author__name">${escapeText(story.author)}</span> ${when(input)}</div>
<div class="social"><button>${escapeText(words.share)}</button> <a href="/${story.language}/share?id=${story.id}">Telegram</a> <a href="/${story.language}/share?id=${story.id}">e-mail</a></div>
${leadFigure(input, p)}
<div class="${p}__content">
${bodyHtml(input, (block) => contentBlock(block, words, p))}
${story.kind === 'opinion' ? `<p class="${p}__disclaimer">${escapeText(words.opinionNote)}</p>` : ''}
${relatedInside(input, p)}
${donationModal(input)}
<div class="${p}__newsletter"><h3>${escapeText(words.newsletter.title)}</h3><p>${escapeText(words.newsletter.text)}</p><form><input type="email" aria-label="e-mail"><button>${escapeText(words.newsletter.button)}</button></form></div>
</div>
<div class="${p}__tags">${escapeText(words.tags)} ${story.tags.map((tag) => link(`/${story.language}/tag/${encodeURIComponent(tag)}`, tag)).join(' ')}</div>
</article>
<aside class="sidebar"><h3>${escapeText(words.related)}</h3>${storyList(input.related)}</aside>
</main>
<section class="cluster"><h3>${escapeText(words.next)}</h3>${storyList(input.related.slice(0, 2))}</section>
<div class="next-article-loader"></div>
<footer><p>${escapeText(words.footer)}</p></footer>
<img class="pixel" src="/pixel.gif?story=${story.id}" width="1" height="1" alt="">`,
  );
}

function masthead({ words, story }: PageInput): string {
  const sections = Object.entries(words.sections).map(([key, name]) =>
    link(`/${story.language}/${key}`, name),
  );
  return `<nav class="menu" aria-label="${escapeText(words.menu)}">${link(`/${story.language}/`, words.name)} ${sections.join(' ')} ${link(`/${story.language}/search`, words.search)} ${link(`/${story.language}/about`, words.about)}</nav>`;
}

function when({ words, story }: PageInput): string {
  const zone = TIME_ZONES[story.language];
  const published = `${escapeText(words.published)} ${timeTag(story.publishedAt, story.language, zone)}`;
  if (story.modifiedAt === null) return published;
  return `${published} · ${escapeText(words.updated)} ${timeTag(story.modifiedAt, story.language, zone)}`;
}

function leadFigure({ story, words }: PageInput, p: string): string {
  if (story.picture === null) return '';
  const { name, caption } = story.picture;
  return `<figure class="${p}__featured-image featured-image"><img src="/image/960/${name}.jpg" alt="${escapeText(caption)}" width="960" height="640"><figcaption><span class="${p}__featured-image__caption">${escapeText(caption)}</span> <span class="${p}__featured-image__credits">${escapeText(words.credit)}</span></figcaption></figure>`;
}

function contentBlock(block: PageBlock, words: Furniture, p: string): string {
  const wrap = (kind: string, html: string) => `<div class="${p}__block ${p}__block--${kind}">${html}</div>`;
  switch (block.kind) {
    case 'text':
    case 'table':
    case 'code':
      return wrap('html', block.html);
    case 'header':
      return wrap('header', block.html);
    case 'quote':
      return wrap('quote', block.html);
    case 'image':
      return wrap(
        'image',
        `<figure><img src="/image/960/${block.picture}.jpg" alt="${escapeText(block.caption)}" width="960" height="640"><figcaption>${escapeText(block.caption)} <span class="credit">${escapeText(words.credit)}</span></figcaption></figure>`,
      );
    case 'embed':
      return wrap(
        'embed',
        `<iframe src="${escapeText(block.href)}" title="${escapeText(block.label)}"></iframe>`,
      );
  }
}

function relatedInside({ related, words }: PageInput, p: string): string {
  const [first] = related;
  if (first === undefined) return '';
  return `<div class="${p}__block ${p}__block--article"><span>${escapeText(words.related)}</span> ${link(storyPath(first), first.title)}</div>`;
}

function donationModal({ words, story }: PageInput): string {
  const { donation, letter } = words;
  return `<div class="contribute-modal"><h3>${escapeText(letter.title)}</h3>
${letter.paragraphs.map((paragraph) => `<p>${escapeText(paragraph)}</p>`).join('\n')}
<h4>${escapeText(donation.title)}</h4><p>${escapeText(donation.text)}</p>
<div>${donation.choices.map((choice) => `<button>${escapeText(choice)}</button>`).join(' ')}</div>
<p>${link(`/${story.language}/support`, donation.button)} <button>${escapeText(donation.later)}</button></p></div>`;
}

function storyList(stories: readonly Story[]): string {
  return `<ul>${stories.map((story) => `<li>${link(storyPath(story), story.title)}</li>`).join('')}</ul>`;
}
