/** Label names with every value each may take, so that nothing a reader sends can become one. */
export type LabelValues = Readonly<Record<string, readonly string[]>>;
type Labels<L extends LabelValues> = { readonly [K in keyof L]: L[K][number] };

export interface Counter<L extends LabelValues> {
  add(labels: Labels<L>, by?: number): void;
  /** `add` for one set of labels, which are looked at here and never again: for what counts at every answer. */
  of(labels: Labels<L>): (by?: number) => void;
}

export interface Gauge<L extends LabelValues> {
  set(labels: Labels<L>, value: number): void;
}

export interface Histogram<L extends LabelValues> {
  observe(labels: Labels<L>, value: number): void;
}

export interface Metrics {
  /** @throws RangeError for a name taken or malformed, here and in the two below. */
  counter<const L extends LabelValues>(name: string, help: string, labels: L): Counter<L>;
  gauge<const L extends LabelValues>(name: string, help: string, labels: L): Gauge<L>;
  /** `buckets`: upper bounds, growing, in the unit the name ends in. */
  histogram<const L extends LabelValues>(
    name: string,
    help: string,
    labels: L,
    buckets: readonly number[],
  ): Histogram<L>;
  /** Prometheus text exposition format 0.0.4. */
  render(): string;
}

interface Series {
  name: string;
  head: string;
  /** Value by rendered sample name and labels. */
  samples: Map<string, number>;
}

const NAME = /^[a-z][a-z0-9_]{0,63}$/;

const inQuotes = (text: string) =>
  `"${text.replace(/["\\\n]/g, (char) => (char === '\n' ? '\\n' : `\\${char}`))}"`;

const braces = (pairs: readonly string[]) => (pairs.length === 0 ? '' : `{${pairs.join(',')}}`);

export function createMetrics(): Metrics {
  const all = new Map<string, Series>();

  function open(name: string, help: string, type: string): Series {
    if (!NAME.test(name) || all.has(name)) throw new RangeError(`metric ${name} is malformed or taken`);
    const head = `# HELP ${name} ${help.replace(/[\\\n]/g, ' ')}\n# TYPE ${name} ${type}\n`;
    const series = { name, head, samples: new Map<string, number>() };
    all.set(name, series);
    return series;
  }

  /** A label is written only with a value that was declared: types say so, and so does this. */
  function pairsOf(allowed: LabelValues, labels: Readonly<Record<string, string>>): string[] {
    return Object.entries(allowed).map(([name, values]) => {
      const value = labels[name];
      if (value === undefined || !values.includes(value))
        throw new RangeError(`label ${name} was not declared so`);
      return `${name}=${inQuotes(value)}`;
    });
  }

  const add = ({ samples }: Series, sample: string, by: number) =>
    samples.set(sample, (samples.get(sample) ?? 0) + by);

  return {
    counter(name, help, allowed) {
      const series = open(name, help, 'counter');
      const sampleOf = (labels: Readonly<Record<string, string>>) => name + braces(pairsOf(allowed, labels));
      return {
        add: (labels, by = 1) => void add(series, sampleOf(labels), by),
        of: (labels) => {
          const sample = sampleOf(labels);
          return (by = 1) => void add(series, sample, by);
        },
      };
    },

    gauge(name, help, allowed) {
      const { samples } = open(name, help, 'gauge');
      return { set: (labels, value) => void samples.set(name + braces(pairsOf(allowed, labels)), value) };
    },

    histogram(name, help, allowed, buckets) {
      const series = open(name, help, 'histogram');
      return {
        observe(labels, value) {
          const pairs = pairsOf(allowed, labels);
          for (const bound of [...buckets, Number.POSITIVE_INFINITY]) {
            const le = bound === Number.POSITIVE_INFINITY ? '+Inf' : String(bound);
            add(series, `${name}_bucket${braces([...pairs, `le="${le}"`])}`, value <= bound ? 1 : 0);
          }
          add(series, `${name}_sum${braces(pairs)}`, value);
          add(series, `${name}_count${braces(pairs)}`, 1);
        },
      };
    },

    render() {
      return [...all.values()]
        .map(
          ({ head, samples }) =>
            head + [...samples].map(([sample, value]) => `${sample} ${value}\n`).join(''),
        )
        .join('');
    },
  };
}
