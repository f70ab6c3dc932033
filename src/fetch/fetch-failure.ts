import type { BlockReason, FailReason, FetchOutcome } from '../domain/fetch-outcome.js';

/** Carries an outcome up from the depths of one fetch. Never leaves the room: `createFetcher` turns it into its value. */
export class FetchFailure extends Error {
  override readonly name = 'FetchFailure';
  readonly outcome: FetchOutcome;

  constructor(outcome: FetchOutcome) {
    super(outcome.kind);
    this.outcome = outcome;
  }
}

/** Reasons that trying again later, with nothing changed here, can cure. */
const WEATHER: ReadonlySet<FailReason> = new Set([
  'dns',
  'connect',
  'timeout',
  'cut-off',
  'server-error',
  'aborted',
  'proxy',
]);

export function failed(reason: FailReason, detail: string, retryable = WEATHER.has(reason)): FetchFailure {
  return new FetchFailure({ kind: 'failed', reason, detail, retryable });
}

export function blocked(reason: BlockReason, status: number | null, detail: string): FetchFailure {
  return new FetchFailure({ kind: 'blocked', reason, status, detail });
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const RESET = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED']);
const CUT_OFF = new Set([
  'UND_ERR_SOCKET',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
  'ERR_STREAM_PREMATURE_CLOSE',
]);
const TIMED_OUT = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'UND_ERR_CONNECT_TIMEOUT']);
const OVERSIZE = new Set(['UND_ERR_HEADERS_OVERFLOW', 'HPE_HEADER_OVERFLOW']);
const NO_SUCH_NAME = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA', 'ENODATA', 'ESERVFAIL', 'EAI_FAIL']);

/** Each TLS error that has a cure, with the cure. Codes: Node's documentation, "X509 certificate error codes". */
const TLS_CURES: Readonly<Record<string, string>> = {
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'the server leaves out its intermediate certificate: ask the publisher to install the full chain, or put the missing certificate into a PEM file and start with NODE_EXTRA_CA_CERTS=FILE',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'the certificate comes from an authority this system does not know, or part of the chain is missing: check who answers, then put the missing certificate into a PEM file and start with NODE_EXTRA_CA_CERTS=FILE',
  UNABLE_TO_GET_ISSUER_CERT:
    'part of the certificate chain is missing: put the missing certificate into a PEM file and start with NODE_EXTRA_CA_CERTS=FILE',
  DEPTH_ZERO_SELF_SIGNED_CERT:
    'the certificate is self-signed: somebody may be between here and the publisher; fetch through a proxy (fetch.route) and compare',
  SELF_SIGNED_CERT_IN_CHAIN:
    'the chain ends in an authority this system does not know: somebody may be between here and the publisher; fetch through a proxy (fetch.route) and compare',
  CERT_HAS_EXPIRED:
    "the certificate has expired: check this machine's clock, else the publisher has to renew it",
  CERT_NOT_YET_VALID: "the certificate is not valid yet: check this machine's clock",
  ERR_TLS_CERT_ALTNAME_INVALID:
    'the certificate is for another name: the publisher may have moved, or somebody else answers in its place',
};

const isTlsError = (code: string): boolean =>
  code in TLS_CURES ||
  code === 'EPROTO' ||
  code.startsWith('ERR_SSL_') ||
  code.startsWith('ERR_TLS_') ||
  code.startsWith('CERT_') ||
  code.startsWith('UNABLE_TO_');

/** Errors that a mistake in this program makes, and no network does. */
const isOurs = (error: unknown): boolean =>
  !(error instanceof Error) ||
  error instanceof TypeError ||
  error instanceof RangeError ||
  error instanceof ReferenceError ||
  codeOf(error) === 'UND_ERR_INVALID_ARG';

/** The outcome of an error of the network. An error that is not the network's is ours, and is thrown on. */
export function failureOf(error: unknown, host: string): FetchFailure {
  if (error instanceof FetchFailure) return error;
  const code = codeOf(error);
  const message = messageOf(error);
  if (RESET.has(code)) return blocked('reset', null, `the connection to ${host} was reset (${code})`);
  if (NO_SUCH_NAME.has(code)) return failed('dns', `${host} has no address (${code})`);
  if (isTlsError(code)) return failed('tls', `${host}: ${TLS_CURES[code] ?? message} (${code})`);
  if (TIMED_OUT.has(code)) return failed('timeout', `${host} went silent (${code})`);
  if (OVERSIZE.has(code)) return failed('too-large', `${host} sends more headers than are read (${code})`);
  if (CUT_OFF.has(code)) return failed('cut-off', `${host} ended before its answer did (${message})`);
  if (error instanceof Error && error.name === 'HTTPParserError')
    return failed('bad-status', `${host} does not answer in HTTP (${message})`, true);
  if (isOurs(error)) throw error;
  return failed('connect', `${host} cannot be reached (${code === '' ? message : code})`);
}
