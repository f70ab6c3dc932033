import { existsSync } from 'node:fs';
import { join } from 'node:path';

const hasDatabase = (home: string): boolean => existsSync(join(home, 'tamizdat.sqlite'));

/** The demo's own folder in a home: its articles never mix with a real mirror's. */
export const demoHome = (home: string): string => join(home, 'demo');

/** Whether nothing but the demo has ever run in this home. */
export const hasDemoAlone = (home: string): boolean => !hasDatabase(home) && hasDatabase(demoHome(home));
