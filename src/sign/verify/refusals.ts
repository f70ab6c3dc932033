import { TamizdatError } from '../../domain/errors.js';

/**
 * Whose doing it is. `stale`: an old copy, which an honest mirror may hold. `liar`: this peer changed or made up bytes. `desk`: the
 * keys of the repository signed things that contradict each other. `nobody`: time passed, or something is missing.
 */
export type Blame = 'stale' | 'liar' | 'desk' | 'nobody';

/** Why bytes of a signed tree are not taken. Each kind is a class named after the attack that it stops. */
export abstract class TreeRefusal extends TamizdatError {
  override readonly name: string = 'TreeRefusal';
  abstract readonly blame: Blame;
  /** Role or path that it was found in. */
  readonly subject: string;

  constructor(code: string, subject: string, message: string, hint: string) {
    super(code, `${subject}: ${message}`, { hint });
    this.subject = subject;
  }
}

const AVOID = 'This peer is avoided for a day; the others go on. Nothing of it was kept but the evidence.';
const ASK =
  'Nothing more is taken from this repository. Ask its desk, by a way that does not lead through a mirror, what happened.';

/** Bytes that this peer changed or made up. */
abstract class Lie extends TreeRefusal {
  static readonly code: string;
  readonly blame = 'liar';

  constructor(subject: string, message: string) {
    super(new.target.code, subject, message, AVOID);
  }
}

/** Bytes of another shape than the format has. */
export class MalformedMetadata extends Lie {
  static override readonly code = 'malformed';
  override readonly name = 'MalformedMetadata';
}

/** JSON that two parsers would read differently, or that is made to break one. */
export class HostileJson extends Lie {
  static override readonly code = 'hostile-json';
  override readonly name = 'HostileJson';
}

/** Fewer good signatures of different keys than the role asks for. */
export class ForgedSignature extends Lie {
  static override readonly code = 'forged';
  override readonly name = 'ForgedSignature';
  constructor(subject: string, good: number, threshold: number) {
    super(subject, `${good} of ${threshold} signatures hold`);
  }
}

/** A chain of roots that does not lead, version by version, from the root that is trusted. */
export class RootRotationAttack extends Lie {
  static override readonly code = 'root-rotation';
  override readonly name = 'RootRotationAttack';
  constructor(message: string) {
    super('root', message);
  }
}

/** An older version than one already seen. */
export class RollbackAttack extends TreeRefusal {
  override readonly name = 'RollbackAttack';
  readonly blame: 'stale' | 'desk';
  constructor(subject: string, got: number, known: number, blame: 'stale' | 'desk') {
    super(
      'rollback',
      subject,
      `version ${got} is offered where ${known} is known`,
      blame === 'stale' ? 'An old copy. It is passed over until it has caught up.' : ASK,
    );
    this.blame = blame;
  }
}

/** Metadata past its expiry: somebody keeps the newer ones back, or the desk is gone. */
export class FreezeAttack extends TreeRefusal {
  override readonly name = 'FreezeAttack';
  readonly blame = 'nobody';
  constructor(subject: string, expiredAt: number) {
    super(
      'freeze',
      subject,
      `expired ${new Date(expiredAt).toISOString()}`,
      "Check this machine's clock first. What was verified before stays; newer news must come from another peer, or from the desk.",
    );
  }
}

/** Files that do not belong together: another hash, length or version than the file above them names. */
export class MixAndMatchAttack extends Lie {
  static override readonly code = 'mix-and-match';
  override readonly name = 'MixAndMatchAttack';
}

/** More bytes than there may be, or than were announced. */
export class EndlessData extends Lie {
  static override readonly code = 'endless';
  override readonly name = 'EndlessData';
  constructor(subject: string, limit: number) {
    super(subject, `more than ${limit} bytes`);
  }
}

/** A role that signs what was not given to it. */
export class UndelegatedPath extends TreeRefusal {
  override readonly name = 'UndelegatedPath';
  readonly blame = 'desk';
  constructor(role: string, path: string) {
    super('undelegated', role, `may not sign ${path}`, ASK);
  }
}

/** The same version with other bytes, both validly signed: two truths from one desk. */
export class Equivocation extends TreeRefusal {
  override readonly name = 'Equivocation';
  readonly blame = 'desk';
  /** Both versions, for whoever has to prove it. */
  readonly evidence: { known: Uint8Array; offered: Uint8Array };
  constructor(subject: string, known: Uint8Array, offered: Uint8Array) {
    super('equivocation', subject, 'two different versions carry the same number and good signatures', ASK);
    this.evidence = { known, offered };
  }
}

/** A log smaller than the one already seen, signed as the newer one. */
export class ShrunkenLog extends TreeRefusal {
  override readonly name = 'ShrunkenLog';
  readonly blame = 'desk';
  constructor(got: number, known: number) {
    super('log-shrunken', 'log/checkpoint', `${got} entries where ${known} are known`, ASK);
  }
}

/** A signed log that does not continue the one already seen. */
export class ForkedLog extends TreeRefusal {
  override readonly name = 'ForkedLog';
  readonly blame = 'desk';
  constructor(before: number, size: number) {
    super(
      'log-forked',
      'log/checkpoint',
      `the log of ${size} entries does not continue that of ${before}`,
      ASK,
    );
  }
}

/** Entries that are not those of the signed log: left out, doubled, changed, made up. */
export class FalseEntries extends Lie {
  static override readonly code = 'false-entries';
  override readonly name = 'FalseEntries';
}

/** A file whose bytes are not those its hash names. */
export class SubstitutedFile extends Lie {
  static override readonly code = 'substituted';
  override readonly name = 'SubstitutedFile';
}

/** What the tree must hold is not there. */
export class MissingFile extends TreeRefusal {
  override readonly name = 'MissingFile';
  readonly blame = 'nobody';
  constructor(subject: string, message = 'is not there') {
    super(
      'missing',
      subject,
      message,
      'A half-copied mirror: the next pass tries it again, the others go on.',
    );
  }
}

/** A tree that is signed well, and is not the one that was joined. */
export class ForeignTree extends Lie {
  static override readonly code = 'foreign-tree';
  override readonly name = 'ForeignTree';
}

/** A web page in the place of a file: a login page of a network, or a block page. */
export class PortalPage extends TreeRefusal {
  override readonly name = 'PortalPage';
  readonly blame = 'nobody';
  constructor(subject: string) {
    super(
      'portal-page',
      subject,
      'a web page came instead',
      'Somebody on the line answers in its place: log in to the network, or set follow.route to a proxy.',
    );
  }
}

/** No answer, or none that is one. */
export class UnreachablePeer extends TreeRefusal {
  override readonly name = 'UnreachablePeer';
  readonly blame = 'nobody';
  constructor(subject: string, message: string) {
    super('unreachable', subject, message, 'The next pass tries it again; the others go on.');
  }
}
