import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AlertState, alertStateSchema, NO_ALERTS } from './alerts.js';

/** The serving process keeps what it told in a small file of its own: it never writes the database, which a full disk may have closed. */
const alertFile = (home: string): string => join(home, 'alerts.json');

/** Nothing told where there is no file, or it is not one of ours. */
export function readAlertState(home: string): AlertState {
  try {
    return alertStateSchema.parse(JSON.parse(readFileSync(alertFile(home), 'utf8')));
  } catch {
    return NO_ALERTS;
  }
}

/** Throws what the file system throws. */
export function writeAlertState(home: string, state: AlertState): void {
  const beside = `${alertFile(home)}.new`;
  writeFileSync(beside, `${JSON.stringify(state)}\n`, { mode: 0o600 });
  renameSync(beside, alertFile(home));
}
