import type { Rebuilt } from '../safety/mend-database.js';
import type { Trouble } from './trouble.js';
import type { KeyStatus, PeerStatus, TrustStatus } from './trust.js';

/** Something that waits for the keeper: what it is in words, and the commands that decide it. */
export interface WaitingDecision {
  id: number;
  publisherId: string;
  kind: 'removal' | 'rewrite' | 'moved' | 'sign-removals';
  askedAt: number;
  what: string;
  /** The article's address at its publisher; null: it is about none. */
  url: string | null;
  accept: string;
  refuse: string;
}

export interface SourceStatus {
  url: string;
  role: 'main' | 'fallback';
  state: string;
  sinceAt: number;
  reason: string | null;
  triedAt: number | null;
  /** Null: with the next pass. */
  nextTryAt: number | null;
}

export interface PublisherStatus {
  id: string;
  name: string;
  articles: number;
  /** Withdrawn and buried ones. */
  removed: number;
  heardAt: number | null;
  newsAt: number | null;
  silence: 'none' | 'quiet' | 'silent';
  lastPass: {
    startedAt: number;
    /** Null: it is under way, or was cut off. */
    endedAt: number | null;
    outcome: 'news' | 'nothing-new' | 'trouble' | null;
    reason: string | null;
    fresh: number;
    changed: number;
    removed: number;
    failed: number;
  } | null;
  sources: readonly SourceStatus[];
}

export interface DiskStatus {
  databaseBytes: number;
  pictures: number;
  picturesBytes: number;
  picturesMaxBytes: number;
  /** What this user may still write on that disk. */
  freeBytes: number;
  /** `low`: no backups are made; `full`: no pass begins. */
  room: 'ok' | 'low' | 'full';
}

export interface TrafficStatus {
  todayBytes: number;
  /** Bytes that today may cost; null: no cap. */
  todayAllowance: number | null;
  monthBytes: number;
  monthCap: number | null;
  todayAnswers: number;
}

export interface CertificateStatus {
  file: string;
  expiresAt: number;
  /** It should have been renewed by now. */
  near: boolean;
  /** DER bytes of every certificate in the file, as a handshake sends them. */
  chainBytes: number;
  certificates: number;
  key: string;
}

/** All that the keeper is shown, by command, page, metrics and mail alike. Times are milliseconds since the epoch. */
export interface StatusReport {
  at: number;
  version: string;
  name: string;
  home: string;
  urls: readonly string[];
  /** When this mirror first started. */
  firstStartAt: number | null;
  waiting: readonly WaitingDecision[];
  /** Worst first. */
  troubles: readonly Trouble[];
  publishers: readonly PublisherStatus[];
  articles: { live: number; removed: number };
  /** Groups of documents that are out of date. */
  dirtyGroups: number;
  /** When any pass last ended. */
  lastPassAt: number | null;
  disk: DiskStatus;
  traffic: TrafficStatus;
  certificate: CertificateStatus | null;
  /** The database was damaged and rebuilt, and the damaged one still lies in the home; null else. */
  rebuilt: Rebuilt | null;
  backup: { at: number | null; trouble: string | null; daily: boolean };
  /** Why nothing is synced although the node runs; null where it is. */
  syncPaused: string | null;
  keys: readonly KeyStatus[];
  peers: readonly PeerStatus[];
  mirrors: TrustStatus['mirrors'];
  verified: TrustStatus['verified'];
}
