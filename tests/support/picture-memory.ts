import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { PictureEncoder } from '../../src/domain/picture.js';
import { encodePicture } from '../../src/media/encode-picture.js';

/**
 * The encoder of the program, which keeps in this folder what it made: the newsroom draws the same pictures for every node, and they
 * are most of what a node of it costs. Processes may share the folder.
 */
export function createPictureMemory(folder: string): PictureEncoder {
  return async (bytes) => {
    const file = join(folder, createHash('sha256').update(bytes).digest('hex'));
    if (existsSync(file)) return deserialize(readFileSync(file));
    const made = await encodePicture(bytes);
    const unfinished = `${file}.${process.pid}`;
    writeFileSync(unfinished, serialize(made));
    renameSync(unfinished, file);
    return made;
  };
}
