import type { Reporter, SerializedError, TestCase, TestModule, TestSuite, Vitest } from 'vitest/node';
import { NOT_RUN } from './not-run.js';

/**
 * Closes a run with what was not run and why, a line each, and then as its last line `N passed, N failed, N skipped`: tests over
 * all suites. A file that could not be read and an error outside any test count as failed.
 */
export default class SummaryReporter implements Reporter {
  #print: (line: string) => void = console.log;

  onInit(vitest: Vitest): void {
    this.#print = (line) => vitest.logger.log(line);
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    for (const line of summaryOf(modules, unhandledErrors)) this.#print(line);
  }
}

function summaryOf(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): string[] {
  const tests = modules.flatMap((module) => [...module.children.allTests()]);
  const count = (state: string) => tests.filter((test) => stateOf(test) === state).length;
  const broken = modules.filter((module) => module.errors().length > 0).length;
  const failed = count('failed') + count('pending') + broken + unhandledErrors.length;

  const notRun = new Map<string, number>();
  for (const test of tests.filter((test) => stateOf(test) === 'skipped')) {
    const line = notRunLine(test);
    notRun.set(line, (notRun.get(line) ?? 0) + 1);
  }
  const lines = [...notRun].map(([line, tests]) => `${line} [${tests} ${tests === 1 ? 'test' : 'tests'}]`);
  return [...lines, `${count('passed')} passed, ${failed} failed, ${count('skipped')} skipped`];
}

/** A test in a skipped suite within a skipped suite is never told of as skipped. */
function stateOf(test: TestCase): string {
  const { state } = test.result();
  if (state !== 'pending') return state;
  for (let suite: TestSuite | TestModule = test.parent; suite.type === 'suite'; suite = suite.parent)
    if (suite.options.mode === 'skip') return 'skipped';
  return state;
}

/** `not run: needs chromium (Debian: chromium): tests/tools/pages.test.ts, the pages`, the same for all tests of a suite. */
function notRunLine(test: TestCase): string {
  const where = test.module.relativeModuleId;
  for (let suite: TestSuite | TestModule = test.parent; suite.type === 'suite'; suite = suite.parent) {
    const [title, reason] = suite.name.split(NOT_RUN);
    if (reason !== undefined) return `not run: ${reason}: ${where}, ${title}`;
  }
  const result = test.result();
  const note = result.state === 'skipped' ? result.note : undefined;
  return `not run: ${note ?? 'skipped in the file, no reason given'}: ${where}, ${test.fullName}`;
}
