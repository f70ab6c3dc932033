// Loaded before the program, this makes a request break it from within, in the ways a defect could: with everything the reader sent
// in the error's message. `node --import` takes plain JavaScript.
import { Server } from 'node:http';
import { isMainThread } from 'node:worker_threads';

const { emit } = Server.prototype;
Server.prototype.emit = function (type, ...rest) {
  const [request] = rest;
  const how = type === 'request' ? /break-by-(\w+)/.exec(request.url)?.[1] : undefined;
  if (how !== undefined) {
    const { remoteAddress, remotePort } = request.socket;
    const told = `${request.method} ${request.url} from ${remoteAddress}:${remotePort} ${JSON.stringify(request.headers)}`;
    const error = Object.assign(new TypeError(`cannot answer ${told}\n    at ${request.url}:1:1`), {
      input: request.url,
      code: 'ERR_INVALID_URL',
      cause: new Error(told),
    });
    if (how === 'rejection') void Promise.reject(error);
    if (how === 'text') void Promise.reject(told);
    if (how === 'console') console.error(error, told);
    if (how === 'warning') process.emitWarning(told);
    if (how === 'throw')
      setImmediate(() => {
        throw error;
      });
  }
  return emit.call(this, type, ...rest);
};

// The thread that searches makes every word of a question uniform.
if (!isMainThread) {
  const { normalize } = String.prototype;
  String.prototype.normalize = function (form) {
    if (String(this).startsWith('breaksearch'))
      throw Object.assign(new RangeError(`cannot look for ${this}`), { code: 'ERR_OUT_OF_RANGE' });
    return normalize.call(this, form);
  };
}
