import type { Command } from 'commander';
import { TamizdatError, UsageError } from '../domain/errors.js';
import type { CliDeps } from './cli-deps.js';
import { addExamples } from './examples.js';
import { settingsOf } from './settings.js';

async function test(options: { json?: true }, self: Command, deps: CliDeps): Promise<void> {
  const { config } = settingsOf(self, deps);
  const { mailSettings } = await import('../node.js');
  const settings = mailSettings(config);
  if (settings === null) {
    throw new UsageError('alerts-off', 'no mail is set up', {
      hint: 'Set alerts.to in the config, and alerts.smtp in <home>/secrets.yaml: smtp://USER:PASSWORD@HOST:587',
    });
  }
  const { createMailer } = await import('../keeper/mail.js');
  const mailer = createMailer(settings);
  try {
    await mailer.send({
      subject: `${config.site.name}: a test`,
      text: 'Mails of this mirror reach you. There is one when something begins to be wrong, and one when it is over.\n',
    });
  } catch (error) {
    throw new TamizdatError('alert-not-sent', `the mail was not taken: ${(error as Error).message}`, {
      hint: 'Check host, port, user and password in alerts.smtp. Port 465 wants smtps://, port 587 smtp://.',
      retryable: true,
      cause: error,
    });
  } finally {
    mailer.close();
  }
  const to = settings.to.join(', ');
  deps.stdout.write(
    options.json ? `${JSON.stringify({ sent: true, to: settings.to })}\n` : `Sent to ${to}.\n`,
  );
}

/** `alerts test`: one mail to the keeper now. Exit code 1 where the server does not take it. */
export function register(parent: Command, deps: CliDeps): void {
  const command = parent
    .command('test')
    .description('Send the keeper a test mail now.')
    .option('--json', 'print JSON')
    .action((options: { json?: true }, self: Command) => test(options, self, deps));
  addExamples(command, [['alerts test', 'to every address in alerts.to']]);
}
