import { pageOf, renderDocument } from './document.js';
import type { MessageView } from './site-views.js';

/** 404 and its kin: what happened, and a way on through the masthead, the sections and the footer. */
export function renderMessage(view: MessageView): string {
  const page = pageOf(view);
  const [heading, text] = page.m.messages[view.kind];
  return renderDocument(page, {
    title: heading,
    line: null,
    children: (
      <>
        <h1>{heading}</h1>
        <p>{text}</p>
      </>
    ),
  });
}
