import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Ends connections on which nothing moved, either way, for between one and two times `silenceMs`. Looking at all of them now and
 * then costs nothing at a request, where a timer on each connection, set anew with every read and write, costs a tenth of a short
 * answer. Requests that arrive too slowly are node:http's to refuse. Gives the function that stops it.
 */
export function endSilentConnections(server: Server, silenceMs: number): () => void {
  /** Bytes that had moved when it was last looked at. */
  const moved = new Map<Socket, number>();
  const watch = (socket: Socket): void => {
    moved.set(socket, -1);
    socket.once('close', () => moved.delete(socket));
  };
  server.on('connection', watch);
  const looking = setInterval(() => {
    for (const [socket, before] of moved) {
      const now = socket.bytesRead + socket.bytesWritten - socket.writableLength;
      if (now === before) socket.destroy();
      else moved.set(socket, now);
    }
  }, silenceMs);
  looking.unref();
  return () => {
    clearInterval(looking);
    server.off('connection', watch);
  };
}
