import { listen, oneOf, section } from '../keys.js';

export const admin = section({
  listen: listen('Address of /healthz, metrics and the keeper. Keep it off the open net.', '127.0.0.1:8081'),
});

export const log = section({
  level: oneOf('Least important lines that are written.', ['debug', 'info', 'warn', 'error'], 'info'),
  format: oneOf('text for people, json for programs.', ['text', 'json'], 'text'),
});
