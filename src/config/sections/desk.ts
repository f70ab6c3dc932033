import { flag, oneOf, section } from '../keys.js';

export const desk = section({
  enabled: flag(
    'Whether this node signs what it takes from publishers, so that other nodes can follow it.',
    true,
  ),
  attest: oneOf(
    'What the signature says. relay: seen on the publisher’s site; publisher: the publisher itself signs.',
    ['relay', 'publisher'],
    'relay',
  ),
});
