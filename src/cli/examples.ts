import type { Command } from 'commander';

/**
 * Examples below a command's help: the command line without `tamizdat`, and what it does. The first is also what somebody is told
 * who called the command wrongly.
 */
export function addExamples(command: Command, examples: readonly (readonly [string, string])[]): Command {
  const width = Math.max(...examples.map(([line]) => line.length));
  const lines = examples.map(([line, meaning]) => `  tamizdat ${line.padEnd(width)}  ${meaning}`);
  const [first] = examples;
  if (command.parent !== null && first !== undefined)
    command.showHelpAfterError(`For example: tamizdat ${first[0]}\nRun it with --help for the rest.`);
  return command.addHelpText('after', `\nExamples:\n${lines.join('\n')}`);
}
