/** Fills a row of numbers from its start. */
export class RowWriter {
  #row: Float32Array;
  #at = 0;

  constructor(row: Float32Array) {
    this.#row = row;
  }

  put(value: number): void {
    this.#row[this.#at++] = value;
  }

  putFlag(isSo: boolean): void {
    this.put(isSo ? 1 : 0);
  }
}
