let wanted: { name: string; left: number } | null | undefined;

/**
 * A named place where a test may kill the process, as a power cut would. `TAMIZDAT_TEST_FAULT=name:3` kills at the third
 * passing of `name`; without that variable it does nothing.
 */
export function faultPoint(name: string): void {
  if (wanted === undefined) {
    const [faultName, count] = (process.env.TAMIZDAT_TEST_FAULT ?? '').split(':');
    wanted =
      faultName === undefined || faultName === '' ? null : { name: faultName, left: Number(count ?? 1) };
  }
  if (wanted === null || wanted.name !== name) return;
  wanted.left -= 1;
  if (wanted.left <= 0) process.kill(process.pid, 'SIGKILL');
}
