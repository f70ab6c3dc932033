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

/** What is known of the certificate in `file`; null where there is none to read: the listener says so itself. */
export function certificateStatus(file: string): CertificateStatus | null {
  try {
    const chain = readChain(file);
    const [own] = chain;
    if (own === undefined) return null;
    return {
      file,
      expiresAt: Date.parse(own.validTo),
      chainBytes: chain.reduce((sum, { raw }) => sum + raw.length, 0),
      certificates: chain.length,
      key: keyText(own),
    };
  } catch {
    return null;
  }
}
