import { ANSWER_CLASSES, type AnswerClass, answerClass } from '../domain/traffic.js';
import type { Metrics } from '../observe/metrics.js';

/** Counts answers by class of status, and the bytes of their bodies: nothing of who asked, or for what. */
export function createAnswerCounters(metrics: Metrics): (status: number, bytes: number) => void {
  const answers = metrics.counter('tamizdat_answers_total', 'Answers sent, by class of status.', {
    class: ANSWER_CLASSES,
  });
  const bytes = metrics.counter('tamizdat_answer_bytes_total', 'Bytes of bodies sent.', {}).of({});
  const counts = Object.fromEntries(
    ANSWER_CLASSES.map((name) => [name, answers.of({ class: name })]),
  ) as Record<AnswerClass, (by?: number) => void>;
  // Every series is there from the start, so that a rate over the first minutes is right.
  for (const name of ANSWER_CLASSES) counts[name](0);
  bytes(0);
  return (status, size) => {
    counts[answerClass(status)]();
    bytes(size);
  };
}
