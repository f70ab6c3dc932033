/** One kind of thing that a chart counts; `color` is a class of the style sheet. */
export interface Kind {
  name: string;
  color: 'a' | 'b' | 'c' | 'd';
}

export interface ChartView {
  /** Unique in the document: joins the picture to its words. */
  id: string;
  title: string;
  /** What it shows, in a sentence for those who do not see it. */
  summary: string;
  kinds: readonly Kind[];
  /** One bar a day, oldest first; `values` in the order of `kinds`. */
  bars: readonly { day: string; values: readonly number[] }[];
  /** A number as people read it. */
  text: (value: number) => string;
}

const WIDTH = 600;
const HEIGHT = 120;
const GAP = 4;

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** The least of 1, 2, 2.5, 5 times a power of ten that is not below `value`: a scale that can be read. */
export function niceTop(value: number): number {
  if (value <= 5) return [1, 2, 5].find((top) => top >= value) ?? 5;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 2.5, 5, 10].map((step) => step * power).find((top) => top >= value) ?? value;
}

/** Bars by day, kinds upon each other, as SVG that the server draws; the numbers follow as a table. */
export function Chart({ id, title, summary, kinds, bars, text }: ChartView) {
  const most = Math.max(...bars.map(({ values }) => total(values)));
  const top = niceTop(most);
  const step = WIDTH / bars.length;
  const first = bars[0]?.day ?? '';
  const last = bars.at(-1)?.day ?? '';
  return (
    <figure class="chart">
      <figcaption>
        <h3>{title}</h3>
        {kinds.length > 1 && (
          <ul class="legend">
            {kinds.map(({ name, color }) => (
              <li>
                <i class={`swatch ${color}`} /> {name}
              </li>
            ))}
          </ul>
        )}
      </figcaption>
      <p class="scale">{most === 0 ? 'Nothing yet' : text(top)}</p>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-labelledby={`${id}-t ${id}-d`}
      >
        <title id={`${id}-t`}>{title}</title>
        <desc id={`${id}-d`}>{summary}</desc>
        <path class="grid" d={`M0 .5H${WIDTH}M0 ${HEIGHT / 2}H${WIDTH}M0 ${HEIGHT - 0.5}H${WIDTH}`} />
        {bars.map(({ day, values }, index) => {
          let y = HEIGHT;
          return (
            <g>
              <title>{`${day}: ${kinds.map(({ name }, at) => `${text(values[at] ?? 0)} ${name}`).join(', ')}`}</title>
              <rect class="day" x={round(index * step)} y="0" width={round(step)} height={HEIGHT} />
              {values.map((value, at) => {
                // What happened once still shows beside what happened a thousand times.
                const height = value === 0 ? 0 : Math.max(2, (value / top) * HEIGHT);
                y -= height;
                return height === 0 ? null : (
                  <rect
                    class={kinds[at]?.color ?? 'a'}
                    x={round(index * step + GAP / 2)}
                    y={round(y)}
                    width={round(step - GAP)}
                    height={round(height)}
                  />
                );
              })}
            </g>
          );
        })}
      </svg>
      <p class="days">
        <span>{first.slice(5)}</span>
        <span>{last.slice(5)}</span>
      </p>
      <details>
        <summary>As a table</summary>
        <div class="scroll">
          <table>
            <thead>
              <tr>
                <th scope="col">Day (UTC)</th>
                {kinds.map(({ name }) => (
                  <th scope="col">{name}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {bars.toReversed().map(({ day, values }) => (
                <tr>
                  <th scope="row">{day}</th>
                  {values.map((value) => (
                    <td>{text(value)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}

const round = (value: number): number => Math.round(value * 10) / 10;
