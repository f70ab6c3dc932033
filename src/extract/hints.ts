import { remember } from './remember.js';

/** Words that designers put into class names, ids and roles, by what they tell of an element. Order is part of the weights. */
const HINT_WORDS = {
  body: 'articlebody storybody postbody entrycontent postcontent articlecontent storycontent bodytext bodycopy maincontent contentbody richtext prose wysiwyg bodycontent textbody articletext',
  bodyPart: 'body content text copy paragraph main rich markdown',
  article: 'article story post entry blog single page material',
  related:
    'related relatedarticles recommend recommended recommendation recommendations recirc recirculation more moreon readmore also seealso popular trending mostread mostpopular latest teaser teasers promo promobox card cards listing list feed cluster carousel slider next upnext previous similar outbrain taboola river headlines widget link links linkbox',
  social:
    'social share sharing sharebar sharetools follow facebook twitter telegram whatsapp tools toolbar actions reactions likes bookmark print',
  appeal:
    'newsletter newsletters subscribe subscription subscriber signup registration register login signin donate donation donations contribute contribution support supporter membership member paywall premium piano offer appeal cta banner sponsor sponsored',
  comment: 'comment comments disqus respond reply replies discussion commentlist commentary',
  meta: 'byline author authors bio biography date timestamp time meta metadata published updated dateline contributor contributors credits reporter profile about',
  caption:
    'caption captions figcaption credit copyright photographer imagecredit wpcaption gallery slideshow lightbox photo image img media video player',
  tag: 'tag tags topic topics keyword keywords category categories label labels kicker eyebrow rubric section',
  navigation:
    'nav navigation navbar menu breadcrumb breadcrumbs pagination pager footer header masthead topbar skip jump toc contents sitemap search',
  advertisement:
    'ad ads adv advert advertisement advertising adunit adslot dfp gpt sponsor sponsored promotion affiliate',
  side: 'aside sidebar rail secondary side right col',
  overlay:
    'modal popup popover overlay cookie cookies consent gdpr privacy dialog toast tooltip hidden hide sr visuallyhidden screenreader offscreen alert notice',
  summary:
    'standfirst summary lead lede dek deck intro introduction subtitle subheadline subhead subheading excerpt abstract description chapeau bajada key takeaways highlights',
  heading: 'title headline heading hed h1 h2 h3 subtitle',
  aside:
    'pullquote pull quote blockquote factbox infobox box fact inset embed correction disclaimer note notes footnote footnotes',
} as const;

export type HintName = keyof typeof HINT_WORDS;
export const HINT_NAMES = Object.keys(HINT_WORDS) as HintName[];

const GROUPS_OF_WORD = new Map<string, number>();
HINT_NAMES.forEach((name, index) => {
  for (const word of HINT_WORDS[name].split(' '))
    GROUPS_OF_WORD.set(word, (GROUPS_OF_WORD.get(word) ?? 0) | (1 << index));
});

const groupsOf = (word: string): number =>
  GROUPS_OF_WORD.get(word) ??
  (/[s\d]$/.test(word) ? (GROUPS_OF_WORD.get(word.replace(/s$|\d+$/, '')) ?? 0) : 0);

/** The groups whose words stand in a class list or id, as bits in the order of `HINT_NAMES`. Pairs of words count joined too. */
export const hintsOf = remember((names) => {
  const words = names
    .slice(0, 400)
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/);
  let bits = 0;
  for (const [index, word] of words.entries()) {
    bits |= groupsOf(word);
    bits |= GROUPS_OF_WORD.get(word + (words[index + 1] ?? '')) ?? 0;
  }
  return bits;
});
