import type { Child } from 'hono/jsx';
import { dotted, Filled, type Page, PhraseLink, pageOf, renderDocument, spaced, Time } from './document.js';
import { fill } from './messages.js';
import { designationSentences } from './safety-notes.js';
import type { AboutView, SourceStateView } from './site-views.js';

/** Who runs the node, what it keeps, whose texts these are, and how to read on a bad line. */
export function renderAbout(view: AboutView): string {
  const page = pageOf(view);
  const words = page.m.about;
  const { contact, name } = view.keeper;
  const { version, source } = view.software;
  return renderDocument(page, {
    title: words.title,
    line: null,
    children: (
      <>
        <h1>{words.title}</h1>
        <p>{words.what}</p>
        <h2>{words.badLine}</h2>
        <p>{words.badLineText}</p>
        <h2>{words.readers}</h2>
        <p>{words.readersText}</p>
        <h2>{words.keeper}</h2>
        <p>
          {name === null ? (
            words.anonymous
          ) : (
            <Filled text={words.keptBy} slots={{ name: <bdi>{name}</bdi> }} />
          )}{' '}
          {contact === null ? (
            words.noContact
          ) : (
            <Filled text={words.contact} slots={{ contact: <Contact of={contact} /> }} />
          )}
        </p>
        <h2>{words.publishers}</h2>
        {view.publishers.map((publisher) => (
          <PublisherTerms page={page} of={publisher} />
        ))}
        <h2>{words.forPublishers}</h2>
        <p>{words.permission}</p>
        <p>{words.correction}</p>
        <p>{words.withdrawal}</p>
        <p>
          <a href={view.legal}>{page.m.legal.title}</a>
        </p>
        <h2>{words.software}</h2>
        <p>
          {fill(words.softwareText, { version })} {source !== null && <a href={source}>{words.source}</a>}
        </p>
      </>
    ),
  });
}

/** A bare e-mail address becomes a link; anything else stays as the keeper wrote it. */
export function Contact({ of }: { of: string }) {
  const mail = /^[^\s@:]+@[^\s@]+$/.test(of);
  return <bdi>{mail ? <a href={`mailto:${of}`}>{of}</a> : of}</bdi>;
}

function PublisherTerms({ page, of }: { page: Page; of: AboutView['publishers'][number] }) {
  const words = page.m.about;
  const terms: Child[] = [fill(words.basis[of.basis], { licence: of.licence ?? '' })];
  if (of.publish === 'teaser') terms.push(words.teaser);
  if (of.rightsContact !== null) {
    terms.push(<Filled text={words.ask} slots={{ contact: <Contact of={of.rightsContact} /> }} />);
  }
  return (
    <>
      <h3>
        <PhraseLink page={page} to={{ ...of.name, href: of.href }} />
      </h3>
      <p class="k">
        {spaced([...terms, ...designationSentences(of.designations, of.name.text, page.frame.ui)])}
        {of.homepage !== null && (
          <>
            {' '}
            <a href={of.homepage} rel="noreferrer">
              <bdi>{new URL(of.homepage).host}</bdi>
            </a>
          </>
        )}
      </p>
      {of.sources.length > 0 && (
        <ul class="k">
          {of.sources.map((source) => (
            <li>
              <SourceState page={page} of={source} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/** What no reader need be warned of. */
const IN_ORDER: ReadonlySet<SourceStateView['state']> = new Set(['fresh', 'quiet', 'untried']);

function SourceState({ page, of }: { page: Page; of: SourceStateView }) {
  const words = page.m.about;
  const time = (phrase: string, at: number | null) =>
    at === null ? null : <Filled text={phrase} slots={{ time: <Time page={page} at={at} /> }} />;
  return (
    <>
      <bdi>{of.name}</bdi>
      {': '}
      {dotted(page, [
        IN_ORDER.has(of.state) ? words.states[of.state] : <b>{words.states[of.state]}</b>,
        of.state === 'untried' ? null : time(words.since, of.sinceAt),
        of.reason === null ? null : page.m.reasons[of.reason],
        time(words.lastHeard, of.lastHeardAt),
        time(words.nextTry, of.nextTryAt),
      ])}
    </>
  );
}
