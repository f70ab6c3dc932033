/** One measured or reported number of the censor's line: what it is, when it was taken, and where from. */
export interface LineNumber {
  value: string | number;
  doc: string;
  /** ISO date up to which the report is current. */
  asOf: string;
  source: string;
}

/**
 * The censor's line: the only place where these numbers stand. They are community reports and our own measurements,
 * they will change, and an operator can change them under `line:` without a new release.
 */
export const LINE = {
  bodyBytes: {
    value: '8192B',
    doc: 'Largest compressed body of a page or a feed of summaries.',
    asOf: '2026-11',
    source: 'derived: 8,192 + 2,755 (TLS 1.3 with an ECDSA chain) + 1,088 (ML-KEM) = 12,035 < freezeBytes',
  },
  headerBytes: {
    value: '700B',
    doc: 'Largest response head.',
    asOf: '2026-11',
    source: 'derived: the response headers that the measured TLS overhead of 2,755-3,312 B leaves room for',
  },
  freezeBytes: {
    value: '12288B',
    doc: 'Bytes from the server after which a connection goes silent; the lowest freeze reported.',
    asOf: '2025-06',
    source: 'net4people/bbs issue 490: silent after 12-24 KB, most often 16, TLS handshake included',
  },
  packets: {
    value: 25,
    doc: 'Packets both ways after which a connection goes silent.',
    asOf: '2026-11',
    source: 'net4people/bbs issue 490, newest model: about 25 packets, TCP and UDP alike',
  },
  burst: {
    value: 4,
    doc: 'Near-simultaneous TLS handshakes to one name that freeze the name for about 120 s.',
    asOf: '2026-06',
    source: 'community reports of May and June 2026: roughly the fourth handshake within 400 ms',
  },
  burstWindow: {
    value: '400ms',
    doc: 'How close together handshakes must be to count as one burst.',
    asOf: '2026-06',
    source: 'community reports of May and June 2026',
  },
} as const satisfies Record<string, LineNumber>;
