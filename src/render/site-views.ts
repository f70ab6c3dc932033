import type { HttpUrl } from '../domain/http-url.js';
import type { Designation, Rights } from '../domain/publisher.js';
import type { PageFrame, Phrase, RelativeHref, SilenceReason, Tongue } from './views.js';

// What the pages about the mirror itself say, and search; units as in views.ts.

/** Dark modules of a QR code, row by row, without the quiet zone. */
export type QrModules = readonly (readonly boolean[])[];

/** Other addresses of the same tree. */
export interface MirrorsView extends PageFrame {
  /** Public ones, best first. */
  addresses: readonly { address: string; qr: QrModules | null }[];
  /** One trust string for each signed log that is carried here. */
  trust: readonly string[];
}

/** What can be checked here, and how. */
export interface VerifyView extends PageFrame {
  logs: readonly {
    /** What its desk calls itself. */
    name: string;
    /** The repository: 16 characters. */
    repository: string;
    /** SHA-256 of its first root.json in hexadecimal, in groups of four. */
    fingerprint: string;
    trust: string;
    /** Who signs: this node what it saw, another node what it saw, the publisher itself. */
    signer: 'relay' | 'followed' | 'publisher';
  }[];
}

export interface SourceStateView {
  /** What the keeper knows it by: its address. */
  name: string;
  state: 'fresh' | 'quiet' | 'stale' | 'suspect' | 'blocked' | 'broken' | 'untried';
  /** Since when it is in this state. */
  sinceAt: number | null;
  reason: SilenceReason | null;
  lastHeardAt: number | null;
  /** Null: with the next pass. */
  nextTryAt: number | null;
}

export interface LegalView extends PageFrame {
  /** The keeper's. */
  contact: string | null;
  /** Hosts that are fetched for each publisher. */
  publishers: readonly { name: Phrase; hosts: readonly string[] }[];
}

export interface AboutView extends PageFrame {
  /** Whom a provider writes to, and what the node fetches. */
  legal: RelativeHref;
  keeper: { name: string | null; contact: string | null };
  publishers: readonly {
    name: Phrase;
    href: RelativeHref;
    homepage: HttpUrl | null;
    basis: Rights['basis'];
    licence: string | null;
    publish: 'full' | 'teaser';
    /** Whom to ask for permission. */
    rightsContact: string | null;
    designations: readonly Designation[];
    sources: readonly SourceStateView[];
  }[];
  software: { version: string; source: HttpUrl | null };
}

export interface FeedsPageView extends PageFrame {
  groups: readonly {
    name: Phrase;
    /** `address` is absolute, to be copied; `href` the same file. */
    feeds: readonly {
      format: 'RSS' | 'Atom' | 'JSON';
      text: 'summary' | 'full';
      href: RelativeHref;
      address: string;
      bytes: number | null;
    }[];
  }[];
  opml: { href: RelativeHref; address: string } | null;
  /** The address is not meant for everybody: an onion, a secret path, a private host. */
  privateAddress: boolean;
}

/** Text cut where the query's words begin and end. */
export type Highlighted = readonly { text: string; hit: boolean }[];

/** The form, and with `results` the answer. Fields: `q`, `publisher`, `since`, `page`; always POST. */
export interface SearchView extends PageFrame {
  action: RelativeHref;
  query: string;
  publishers: readonly { id: string; name: Phrase; selected: boolean }[];
  since: 'any' | 'week' | 'month' | 'year';
  /** Null: nothing asked yet. */
  results:
    | readonly (Tongue & {
        href: RelativeHref;
        title: Highlighted;
        excerpt: Highlighted;
        publisher: Phrase | null;
        publishedAt: number;
        pageBytes: number | null;
      })[]
    | null;
  /** `more`: at least that many. */
  total: { count: number; more: boolean };
  /** From 1. */
  page: number;
  nextPage: number | null;
  previousPage: number | null;
}

/** A node that holds no article yet. */
export interface EmptyNodeView extends PageFrame {
  asOfAt: number | null;
  tried: readonly {
    name: string;
    at: number | null;
    outcome: SilenceReason | 'answered' | 'not-tried';
    detail: string | null;
  }[];
  nextAt: number | null;
}

export type MessageKind = 'not-found' | 'bad-request' | 'too-large' | 'busy' | 'broken';

/** 404 and its kin. */
export interface MessageView extends PageFrame {
  kind: MessageKind;
}
