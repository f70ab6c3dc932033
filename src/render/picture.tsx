import { type Page, tongue } from './document.js';
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
  const caption = [of.caption, of.credit === '' ? '' : fill(m.article.photo, { credit: of.credit })].filter(
    Boolean,
  );
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
        {caption.length > 0 && <span {...tongue(page, of)}>{caption.join(' ')}</span>}
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
  const { inline, blur, width, height, alt } = of;
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
