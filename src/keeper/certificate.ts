import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { CertificateStatus } from './status.js';

const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** The certificates of a PEM file, the node's own first. Throws what reading or parsing throws. */
export function readChain(file: string): X509Certificate[] {
  return (readFileSync(file, 'utf8').match(PEM) ?? []).map((pem) => new X509Certificate(pem));
}

/** `EC prime256v1`, `RSA 2048`. */
export function keyText(certificate: X509Certificate): string {
  const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey;
  const detail = asymmetricKeyDetails?.namedCurve ?? asymmetricKeyDetails?.modulusLength ?? '';
  return `${(asymmetricKeyType ?? 'unknown').toUpperCase()} ${detail}`.trim();
}

/** Ten days of a year's certificate. */
const LATEST_RENEWAL_MS = 10 * 86_400_000;

/**
 * When a certificate that is still the same is not being renewed. ACME clients do it with a third of the life left [Let's Encrypt's
 * integration guide; certificates there live 90 days, or 160 hours], so with a ninth left they have failed for long.
 */
export function renewalOverdueAt({ validFrom, validTo }: X509Certificate): number {
  const end = Date.parse(validTo);
  return end - Math.min(LATEST_RENEWAL_MS, (end - Date.parse(validFrom)) / 9);
}

/** What is known at `at` of the certificate in `file`; null where there is none to read: the listener says so itself. */
export function certificateStatus(file: string, at: number): CertificateStatus | null {
  try {
    const chain = readChain(file);
    const [own] = chain;
    if (own === undefined) return null;
    return {
      file,
      expiresAt: Date.parse(own.validTo),
      near: at > renewalOverdueAt(own),
      chainBytes: chain.reduce((sum, { raw }) => sum + raw.length, 0),
      certificates: chain.length,
      key: keyText(own),
    };
  } catch {
    return null;
  }
}

/** Both Let's Encrypt's short ECDSA chain and others of two certificates stay below. [measured 2026-11: 2,755-3,312 B with the rest of the handshake] */
const SHORT_CHAIN_BYTES = 3_312;

/** Whether a certificate takes more of the bytes before a line freezes than pages leave it. `chainBytes`: of all that is sent. */
export const isHeavy = (own: X509Certificate, chainBytes: number): boolean =>
  own.publicKey.asymmetricKeyType !== 'ec' || chainBytes > SHORT_CHAIN_BYTES;

/** Why the certificate in `file` is a burden to readers; null where it is none, or cannot be read. */
export function heavyCertificateReason(file: string): string | null {
  try {
    const chain = readChain(file);
    const [own] = chain;
    const bytes = chain.reduce((sum, { raw }) => sum + raw.length, 0);
    if (own === undefined || !isHeavy(own, bytes)) return null;
    return `${keyText(own)}, a chain of ${bytes} B: it takes from the bytes before a line freezes. Ask for an ECDSA certificate (P-256) with a short chain`;
  } catch {
    return null;
  }
}
