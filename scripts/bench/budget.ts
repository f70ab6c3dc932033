import { checkTree } from '../../src/cli/check-tree.js';
import { corpusPages } from '../../tests/extract/corpus-pages.js';
import { createCorpusNode } from '../../tests/support/corpus-newsroom.js';

/** `npm run bench budget`: every page of the corpus taken in as an article, and what the tree weighs then. */
export async function run(): Promise<void> {
  const pages = corpusPages(['aeb', 'fundus', 'wcxb', 'synthetic-ru']);
  if (pages === null) {
    console.log('The corpus is absent: TAMIZDAT_CORPUS=DIR says where it is.');
    return;
  }
  const node = await createCorpusNode(pages, (done) => console.error(`${done} of ${pages.length} pages`));
  try {
    const limit = node.config.line.bodyBytes;
    const { store } = node.engine;
    const { documents, sizes, over, broken } = checkTree(store, limit, () => {});
    const line = sizes.filter(({ path }) => !path.includes('/full/'));
    const articles = line.filter(({ path }) => /\/a\d+\/$/.test(path));
    const parts = line.filter(({ path }) => /\/a\d+\/p\d+\/$/.test(path));
    const middle = (list: readonly { gzipBytes: number }[]) =>
      [...list].sort((a, b) => a.gzipBytes - b.gzipBytes)[Math.floor(list.length / 2)]?.gzipBytes ?? 0;
    const [heaviest] = line;
    console.log(`pages of the corpus            ${pages.length}`);
    console.log(`articles taken                 ${store.lists.count({})}`);
    console.log(`documents                      ${documents}, of them within the line's law ${line.length}`);
    console.log(
      `articles of one document       ${articles.length - new Set(parts.map(({ path }) => path.replace(/p\d+\/$/, ''))).size}`,
    );
    console.log(`further parts                  ${parts.length}`);
    console.log(`middle first document, gzip    ${middle(articles)} B`);
    console.log(
      `heaviest document              ${heaviest?.gzipBytes} B gzip, ${heaviest?.brBytes} B brotli: ${heaviest?.path}`,
    );
    console.log(`over ${limit} B                   ${over.length}`);
    const whole = store.lists.newest({}, pages.length).filter(({ words }) => words > 0).length;
    console.log(`with the text of their page    ${whole}`);
    console.log(`dead links, foreign requests   ${broken.length}`);
  } finally {
    await node.close();
  }
}
