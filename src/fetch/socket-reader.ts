import type { Socket } from 'node:net';

/** The next `bytes` bytes of a paused socket; what follows them stays unread. Rejects where it ends before. */
export function take(socket: Socket, bytes: number, signal: AbortSignal): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const settle = (end: () => void) => {
      signal.removeEventListener('abort', abort);
      socket.off('readable', read).off('end', ended).off('close', ended).off('error', reject);
      end();
    };
    const read = () => {
      const chunk: Buffer | null = socket.read(bytes);
      if (chunk !== null && chunk.length >= bytes) settle(() => resolve(chunk));
    };
    const ended = () => settle(() => reject(new Error('ended early')));
    const abort = () => settle(() => reject(signal.reason));
    socket.on('readable', read).once('end', ended).once('close', ended).once('error', reject);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    else read();
  });
}
