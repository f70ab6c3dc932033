/** A stream for people or programs: a terminal or not. */
export interface Output {
  write(text: string): void;
  readonly isTTY: boolean;
  readonly columns: number;
}

/** What a command may touch besides files and the network. */
export interface CliDeps {
  /** `isTTY`: somebody sits there and can be asked. */
  stdin: AsyncIterable<Uint8Array> & { readonly isTTY?: boolean };
  stdout: Output;
  stderr: Output;
  env: Readonly<Record<string, string | undefined>>;
}
