import { z } from 'zod';
import { UsageError } from '../domain/errors.js';
import type { FetchRequest } from '../domain/fetcher.js';
import type { Input, InputReader } from './inspect-input.js';

/** One line of a batch. Keys that are not ours are left alone: others' lists carry more. */
const batchLine = z.object({
  path: z.string().optional(),
  url: z.string().optional(),
  publisher: z.string().optional(),
  headers: z.record(z.string(), z.unknown()).optional(),
});
export type BatchLine = z.infer<typeof batchLine>;

export interface BatchFailure {
  error: string;
}

export const failureOf = (error: unknown): BatchFailure => ({
  error: error instanceof Error ? error.message : String(error),
});

function readLine(text: string): BatchLine | BatchFailure {
  try {
    const line = batchLine.safeParse(JSON.parse(text));
    if (line.success && (line.data.path ?? line.data.url) !== undefined) return line.data;
    return { error: 'not {"path","url","publisher","headers"} with a path or a URL' };
  } catch (error) {
    return { error: `not JSON: ${failureOf(error).error}` };
  }
}

/** The lines of a batch in order, blank ones left out; a line that cannot be read is its own failure. */
export const readBatch = (text: string): (BatchLine | BatchFailure)[] =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(readLine);

function contentTypeIn(headers: BatchLine['headers']): string | null {
  const [, value] =
    Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === 'content-type') ?? [];
  return typeof value === 'string' ? value : null;
}

/** The bytes a line stands for: its file, else what its URL answers. What the line says of them wins. */
export async function readLineInput(
  { path, url, headers }: BatchLine,
  reader: InputReader,
  expect: FetchRequest['expect'],
): Promise<Input> {
  const source = path ?? url;
  if (source === undefined) throw new UsageError('inspect-no-source', 'neither path nor url');
  if (source === '-') throw new UsageError('inspect-no-source', 'standard input holds the list itself');
  const input = await reader.read(source, expect);
  return {
    bytes: input.bytes,
    contentType: contentTypeIn(headers) ?? input.contentType,
    url: input.url ?? url ?? null,
  };
}
