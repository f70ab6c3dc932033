import { renderMirrors } from '../render/mirrors-page.js';
import type { MirrorsView, QrModules, VerifyView } from '../render/site-views.js';
import { renderVerify } from '../render/verify-page.js';
import { MOST_MIRRORS, parseMirrorsDocument } from '../sign/mirrors-document.js';
import type { Store } from '../store/store.js';
import { type Document, page } from './document.js';
import { firstThatFits } from './fit.js';
import type { FrameMaker } from './frame.js';
import { absoluteUrl } from './origin.js';
import { qrModules } from './qr-modules.js';
import type { SiteConfig } from './site-config.js';

/** A signed log that this node carries, as a reader is told of it. */
export interface TrustedLog {
  name: string;
  repository: string;
  /** SHA-256 of its first root.json. */
  rootSha256: Uint8Array;
  signer: VerifyView['logs'][number]['signer'];
}

/** More addresses in a trust string than a person would copy are of no use. */
const TRUST_ADDRESSES = 3;

/** The public lists of all that this node carries, its own first, each address once. */
export function publicAddresses(store: Store): string[] {
  const followed = store.replicas
    .all()
    .map(({ id }) => store.replicas.file(id, 'mirrors.json'))
    .flatMap((file) => (file === null ? [] : (parseMirrorsDocument(file.bytes)?.mirrors ?? [])));
  return [...new Set([...store.mirrors.publicUrls(), ...followed.map(({ url }) => url)])].slice(
    0,
    MOST_MIRRORS,
  );
}

/** `/mirrors/` and `/verify/`: where else this tree stands, and what of it can be proved. */
export function createMirrorPages(
  config: SiteConfig,
  store: Store,
  frames: FrameMaker,
  logs: () => readonly TrustedLog[],
) {
  /** The string by which others check this log: through public addresses where there are any, else through the one asked for: never a private one. */
  function trustString(log: TrustedLog): string {
    const known = publicAddresses(store).slice(0, TRUST_ADDRESSES);
    const bases = known.length > 0 ? known : [absoluteUrl('/')];
    // Every node has each of its trees under its name; at `/signed/` itself it may have another.
    const addresses = bases.map((base) => `${base.replace(/^https:\/\//, '')}signed/${log.repository}`);
    return `tz1:${Buffer.from(log.rootSha256).toString('base64url')}@${addresses.join(',')}`;
  }

  function mirrors(prefix: string): Document {
    const urls = publicAddresses(store);
    const compose = ({ shown, codes }: { shown: number; codes: number }): string => {
      const view: MirrorsView = {
        ...frames.shared(prefix, 'mirrors/'),
        addresses: urls.slice(0, shown).map((address, index) => ({
          address,
          qr: index < codes ? coded(address) : null,
        })),
        trust: logs().map(trustString),
      };
      return renderMirrors(view);
    };
    // Codes go before addresses do.
    const steps = [urls.length, 12, 6, 3, 1, 0].filter((codes) => codes <= urls.length);
    const candidates = [
      ...steps.map((codes) => ({ shown: urls.length, codes })),
      ...[20, 10].map((shown) => ({ shown, codes: 0 })),
    ];
    const { text } = firstThatFits(candidates, config.bodyBytes, compose);
    return { ...page(`${prefix}mirrors/`, text), absolute: true };
  }

  function verify(prefix: string): Document {
    const view: VerifyView = {
      ...frames.shared(prefix, 'verify/'),
      logs: logs().map((log) => ({
        name: log.name,
        repository: log.repository,
        fingerprint: (Buffer.from(log.rootSha256).toString('hex').match(/.{4}/g) ?? []).join(' '),
        trust: trustString(log),
        signer: log.signer,
      })),
    };
    return { ...page(`${prefix}verify/`, renderVerify(view)), absolute: true };
  }

  return { mirrors, verify };
}

/** Addresses that are no web address are shown without a code: a phone would not know what to do with them. */
const coded = (address: string): QrModules | null => (/^https?:/.test(address) ? qrModules(address) : null);
