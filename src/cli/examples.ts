import type { Command } from 'commander';

type Example = readonly [line: string, meaning: string];

/** Of a terminal as most people have it. */
const LINE = 80;

/**
 * Command lines without their `tamizdat`, each with what it does: beside one another where that fits a line, else below.
 */
export function aligned(examples: readonly Example[]): string {
  const width = Math.max(...examples.map(([line]) => line.length));
  const indent = '  tamizdat ';
  const fits = examples.every(([, meaning]) => indent.length + width + 2 + meaning.length <= LINE);
  return examples
    .map(([line, meaning]) =>
      fits ? `${indent}${line.padEnd(width)}  ${meaning}\n` : `${indent}${line}\n      ${meaning}\n`,
    )
    .join('');
}

/** Examples below a command's help. The first is also what somebody is told who called the command wrongly. */
export function addExamples(command: Command, examples: readonly Example[]): Command {
  const [first] = examples;
  if (command.parent !== null && first !== undefined)
    command.showHelpAfterError(`For example: tamizdat ${first[0]}\nRun it with --help for the rest.`);
  return command.addHelpText('after', `\nExamples:\n${aligned(examples).trimEnd()}`);
}
