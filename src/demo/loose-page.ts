import { escapeText } from './escape-text.js';
import { bodyHtml, htmlDocument, link, type PageBlock, type PageInput, timeTag } from './page-parts.js';
import type { Furniture } from './stock.js';
import { storyPath } from './story.js';
import { TIME_ZONES } from './zones.js';

/**
 * An article page as newer systems build them: hashed class names that say nothing, the furniture in the same container as
 * the text, and no JSON-LD in Chinese. No selectors are given for it, so the extractor must find the text by itself.
 */
export function loosePage(input: PageInput): string {
  const { story, words } = input;
  const zone = TIME_ZONES[story.language];
  const sections = Object.entries(words.sections).map(
    ([key, name]) => `<li>${link(`/${story.language}/${key}`, name)}</li>`,
  );
  const updated =
    story.modifiedAt === null
      ? ''
      : ` <span>${escapeText(words.updated)} ${timeTag(story.modifiedAt, story.language, zone)}</span>`;
  return htmlDocument(
    input,
    story.language === 'fa',
    `<div class="_h3k9"><div class="_h3k9a">${link(`/${story.language}/`, words.name)}</div><ul class="_n0x1">${sections.join('')}<li>${link(`/${story.language}/about`, words.about)}</li></ul></div>
<div class="_w7q2">
<div class="_t5r8"><h1>${escapeText(story.title)}</h1>
${story.subtitle === '' ? '' : `<p class="_s2d4">${escapeText(story.subtitle)}</p>`}
<div class="_b9m0"><a rel="author" href="/${story.language}/about">${escapeText(story.author)}</a> <span>${escapeText(words.published)} ${timeTag(story.publishedAt, story.language, zone)}</span>${updated}</div></div>
${leadFigure(input)}
<div class="_c1v6">
<div class="_d4l8"><b>${escapeText(words.donation.title)}</b><p>${escapeText(words.donation.text)}</p>${words.donation.choices.map((choice) => `<button>${escapeText(choice)}</button>`).join('')}<button>${escapeText(words.donation.later)}</button></div>
${bodyHtml(input, (block) => contentBlock(block, words))}
${story.kind === 'opinion' ? `<p><em>${escapeText(words.opinionNote)}</em></p>` : ''}
<div class="_m6p3"><b>${escapeText(words.letter.title)}</b>${words.letter.paragraphs.map((paragraph) => `<p>${escapeText(paragraph)}</p>`).join('')}</div>
<div class="_m6p4"><b>${escapeText(words.newsletter.title)}</b><p>${escapeText(words.newsletter.text)}</p><form><input type="email" aria-label="e-mail"><button>${escapeText(words.newsletter.button)}</button></form></div>
<div class="_r8z5"><b>${escapeText(words.related)}</b><ul>${input.related.map((other) => `<li>${link(storyPath(other), other.title)}</li>`).join('')}</ul></div>
<div class="_g2g7">${escapeText(words.tags)} ${story.tags.map((tag) => link(`/${story.language}/tag/${encodeURIComponent(tag)}`, tag)).join(' ')}</div>
</div>
<div class="_x0y9"><button>${escapeText(words.share)}</button></div>
</div>
<div class="_f1f1">${escapeText(words.footer)}</div>`,
  );
}

function leadFigure({ story, words }: PageInput): string {
  if (story.picture === null) return '';
  return figure(story.picture.name, story.picture.caption, words.credit);
}

function figure(name: string, caption: string, credit: string): string {
  return `<figure><img src="/image/960/${name}.jpg" alt="${escapeText(caption)}" width="960" height="640"><figcaption>${escapeText(caption)} <small>${escapeText(credit)}</small></figcaption></figure>`;
}

function contentBlock(block: PageBlock, words: Furniture): string {
  switch (block.kind) {
    case 'image':
      return figure(block.picture, block.caption, words.credit);
    case 'embed':
      return `<iframe src="${escapeText(block.href)}" title="${escapeText(block.label)}"></iframe>`;
    default:
      return block.html;
  }
}
