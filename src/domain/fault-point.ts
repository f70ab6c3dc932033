let wanted: { name: string; left: number } | null | undefined;

/**
 * A named place where a test may kill the process, as a power cut would. `TAMIZDAT_TEST_FAULT=name:3` kills at the third
 * passing of `name`; without that variable it does nothing.
 */
export function faultPoint(name: string): void {
  if (wanted === undefined) {
    // The names themselves hold a colon: only a number behind the last one is a count.
    const [, faultName = '', count = '1'] =
      /^(.*?)(?::(\d+))?$/.exec(process.env.TAMIZDAT_TEST_FAULT ?? '') ?? [];
    wanted = faultName === '' ? null : { name: faultName, left: Number(count) };
  }
  if (wanted === null || wanted.name !== name) return;
  wanted.left -= 1;
  if (wanted.left <= 0) process.kill(process.pid, 'SIGKILL');
}
