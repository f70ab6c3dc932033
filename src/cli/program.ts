import type { Command } from 'commander';
import { register as registerAlertsTest } from './alerts.js';
import { register as registerBackfill } from './backfill.js';
import { register as registerBackup } from './backup.js';
import { createBareProgram } from './bare-program.js';
import type { CliDeps } from './cli-deps.js';
import { register as registerConfigCheck } from './config-check.js';
import { register as registerConfigPrint } from './config-print.js';
import { register as registerDecisions } from './decisions.js';
import { register as registerDoctor } from './doctor.js';
import { addExamples } from './examples.js';
import { register as registerExport } from './export.js';
import { register as registerImport } from './import.js';
import { register as registerInit } from './init.js';
import { register as registerInspectFeed } from './inspect-feed.js';
import { register as registerInspectPage } from './inspect-page.js';
import { register as registerJoin } from './join.js';
import { register as registerKeysChange } from './keys-change.js';
import { register as registerKeysList } from './keys-list.js';
import { register as registerMirrors } from './mirrors.js';
import { register as registerMove } from './move.js';
import { register as registerPaths } from './paths.js';
import { register as registerPeers } from './peers.js';
import { register as registerPin } from './pin.js';
import { register as registerPrune } from './prune.js';
import { register as registerPublishersCheck } from './publishers-check.js';
import { register as registerPublishersList } from './publishers-list.js';
import { register as registerRecheck } from './recheck.js';
import { register as registerRestore } from './restore.js';
import { register as registerServe } from './serve.js';
import { register as registerSiteCheck } from './site-check.js';
import { register as registerStatus } from './status.js';
import { register as registerSync } from './sync.js';
import { register as registerVerify } from './verify.js';
import { register as registerWipe } from './wipe.js';
import { register as registerWorker } from './worker.js';

/** Where a command stands in the program's help. */
const HELP_GROUPS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({
    'Set up and run:': ['init', 'serve', 'config'],
    'See how it is doing:': ['status', 'doctor', 'alerts', 'site'],
    'News:': ['publishers', 'sync', 'backfill', 'recheck', 'decisions', 'pin', 'prune', 'inspect'],
    'Where it can be read:': ['mirrors', 'paths', 'move', 'export', 'import'],
    'Other nodes and signatures:': ['join', 'peers', 'verify', 'keys'],
    'Safekeeping:': ['backup', 'restore', 'wipe'],
  }).flatMap(([heading, names]) => names.map((name) => [name, heading])),
);

/** Every command there is. Each sits in a file of its own that exports `register`. */
export function createProgram(deps: CliDeps): Command {
  const program = createBareProgram(deps);
  addExamples(program, [
    ['serve --demo', 'try it with an invented newsroom, no network needed'],
    ['init', 'answer five questions to configure it'],
    ['serve', 'mirror the configured publishers'],
    ['status', 'how it is doing, and what needs you'],
    ['publishers list', 'the publishers it can mirror'],
    ['config check', 'check the configuration'],
  ]);

  program.addHelpText(
    'after',
    '\nIn a clone `tamizdat` is `node dist/main.js`, until `npm link` makes it a command.',
  );

  const group = (name: string, description: string, example: readonly [string, string]) =>
    addExamples(program.command(name).description(description).helpCommand(false), [example]);

  registerInit(program, deps);
  registerServe(program, deps);
  registerStatus(program, deps);
  registerDoctor(program, deps);
  registerSync(program, deps);
  registerBackfill(program, deps);
  registerRecheck(program, deps);
  registerJoin(program, deps);
  registerPeers(program, deps);
  registerVerify(program, deps);
  registerExport(program, deps);
  registerImport(program, deps);
  registerMove(program, deps);
  registerBackup(program, deps);
  registerRestore(program, deps);
  registerPrune(program, deps);
  registerWipe(program, deps);
  registerWorker(program, deps);

  const publishers = group('publishers', 'The publishers this node can mirror.', [
    'publishers list',
    'a table',
  ]);
  registerPublishersList(publishers, deps);
  registerPublishersCheck(publishers, deps);

  const mirrors = group('mirrors', 'Where else this mirror can be read.', [
    'mirrors list',
    'public addresses',
  ]);
  registerMirrors(mirrors, deps);

  const site = group('site', 'The pages this node serves.', ['site check', 'sizes and links']);
  registerSiteCheck(site, deps);

  const paths = group('paths', 'The secret addresses of a quiet mirror.', ['paths add friends', 'open one']);
  registerPaths(paths, deps);

  const keys = group('keys', 'The keys this node signs with.', ['keys list', 'a table']);
  registerKeysList(keys, deps);
  registerKeysChange(keys, deps);

  const decisions = group('decisions', 'What needs your decision.', ['decisions list', 'a table']);
  registerDecisions(decisions, deps);

  const alerts = group('alerts', 'Mail to the keeper of this node.', ['alerts test', 'whether they arrive']);
  registerAlertsTest(alerts, deps);

  const pin = group('pin', 'Articles that are kept whatever retention says.', ['pin list', 'a table']);
  registerPin(pin, deps);

  const config = group('config', 'Check or print the configuration.', ['config check', 'check it']);
  registerConfigCheck(config, deps);
  registerConfigPrint(config, deps);

  const inspect = group('inspect', 'Show what this program reads in a feed or page.', [
    'inspect feed saved.xml',
    'title, language, entries, oddities',
  ]);
  registerInspectFeed(inspect, deps);
  registerInspectPage(inspect, deps);

  for (const command of program.commands) command.helpGroup(HELP_GROUPS[command.name()] ?? 'More:');
  return program;
}
