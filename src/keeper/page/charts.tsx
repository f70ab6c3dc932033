import { ANSWER_CLASSES } from '../../domain/traffic.js';
import type { HistoryDay } from '../history.js';
import { countText, sizeText } from '../units.js';
import { Chart } from './chart.js';

/** The four charts of a mirror's last days. */
export function Charts({ days }: { days: readonly HistoryDay[] }) {
  const sum = (of: (day: HistoryDay) => number): number => days.reduce((all, day) => all + of(day), 0);
  const span = `over the last ${days.length} days`;
  const answers = (day: HistoryDay): number =>
    ANSWER_CLASSES.reduce((all, name) => all + day.answers[name], 0);
  return (
    <section aria-labelledby="history">
      <h2 id="history">The last {days.length} days</h2>
      <div class="charts">
        <Chart
          id="articles"
          title="Articles a day"
          summary={`${countText(sum(({ articles }) => articles))} articles were published ${span}.`}
          kinds={[{ name: 'articles', color: 'a' }]}
          bars={days.map(({ day, articles }) => ({ day, values: [articles] }))}
          text={countText}
        />
        <Chart
          id="passes"
          title="How passes ended"
          summary={`Of the passes over single publishers ${span}, ${countText(sum(({ passes }) => passes.news))} brought news, ${countText(sum(({ passes }) => passes['nothing-new']))} nothing new, and ${countText(sum(({ passes }) => passes.trouble))} ended in trouble.`}
          kinds={[
            { name: 'news', color: 'a' },
            { name: 'nothing new', color: 'b' },
            { name: 'trouble', color: 'd' },
          ]}
          bars={days.map(({ day, passes }) => ({
            day,
            values: [passes.news, passes['nothing-new'], passes.trouble],
          }))}
          text={countText}
        />
        <Chart
          id="answers"
          title="Answers to readers"
          summary={`${countText(sum(answers))} answers ${span}, by class of status. Nothing is known of who asked or for what.`}
          kinds={[
            { name: '2xx found', color: 'a' },
            { name: '3xx unchanged or elsewhere', color: 'b' },
            { name: '4xx not there', color: 'c' },
            { name: '5xx broke', color: 'd' },
          ]}
          bars={days.map((one) => ({
            day: one.day,
            values: ANSWER_CLASSES.map((name) => one.answers[name]),
          }))}
          text={countText}
        />
        <Chart
          id="bytes"
          title="Bytes to readers"
          summary={`${sizeText(sum(({ bytes }) => bytes))} were sent ${span}.`}
          kinds={[{ name: 'sent', color: 'a' }]}
          bars={days.map(({ day, bytes }) => ({ day, values: [bytes] }))}
          text={sizeText}
        />
      </div>
    </section>
  );
}
