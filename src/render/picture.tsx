import { Filled, type Page, tongue, Words } from './document.js';
import { fill, formatBytes, formatNumber } from './messages.js';
import type { PictureView } from './views.js';

/** Above this a link says that it may not load: the largest body that fits the line. Source: issue "One page, one connection", budget of 8,192 B. */
const LINE_BYTES = 8192;

interface PictureProps {
  page: Page;
  of: PictureView;
  /** `3 of 18` */
  number?: { number: number; of: number } | null;
}

/** A figure that asks for nothing: the picture stands in the page, below it caption, credit and the way to the larger file. */
export function Picture({ page, of, number = null }: PictureProps) {
  const { m } = page;
  return (
    <figure>
      <Drawn of={of} />
      <figcaption class="k">
        {number !== null && (
          <b>
            {fill(m.article.pictureNumber, {
              n: formatNumber(m, number.number),
              of: formatNumber(m, number.of),
            })}{' '}
          </b>
        )}
        {of.caption !== '' && <span {...tongue(page, of)}>{of.caption} </span>}
        {of.credit !== '' && (
          <Filled
            text={m.article.photo}
            slots={{ credit: <Words page={page} of={{ ...of, text: of.credit }} /> }}
          />
        )}
        {of.file !== null && <FileLink page={page} file={of.file} />}
        {of.original !== null && (
          <>
            {' '}
            <a href={of.original} rel="noreferrer">
              {m.article.pictureElsewhere}
            </a>
          </>
        )}
      </figcaption>
    </figure>
  );
}

/** A browser that cannot draw the step's type shows the blur instead of a broken icon. */
function Drawn({ of }: { of: PictureView }) {
  const { inline, blur, width, height } = of;
  // Who listens to a page would hear the caption twice.
  const alt = of.alt === of.caption ? '' : of.alt;
  const source = inline?.src ?? blur;
  if (source === null) return null;
  if (inline === null || blur === null) return <img src={source} width={width} height={height} alt={alt} />;
  return (
    <picture>
      <source type={inline.type} srcset={inline.src} />
      <img src={blur} width={width} height={height} alt={alt} />
    </picture>
  );
}

function FileLink({ page, file }: { page: Page; file: NonNullable<PictureView['file']> }) {
  const { m } = page;
  return (
    <>
      {' '}
      <a href={file.href}>{fill(m.article.largerPicture, { size: formatBytes(m, file.bytes) })}</a>
      {file.bytes > LINE_BYTES && ` ${m.mayNotLoad}`}
    </>
  );
}
