import { isMailAddress, isSmtpUrl } from '../addresses.js';
import { list, listen, oneOf, optional, section } from '../keys.js';

const isHostName = (value: string) => /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/i.test(value);
const isToken = (value: string) => /^[A-Za-z0-9._~+/=-]{16,200}$/.test(value);

export const admin = section({
  listen: listen('Address of /healthz, metrics and the keeper. Keep it off the open net.', '127.0.0.1:8081'),
  token: optional(
    'Password of the keeper’s page and metrics, wanted where admin.listen is not this machine alone. Made at the first start then.',
    'letters, digits and . _ ~ + / = -, 16 to 200 of them',
    isToken,
    true,
  ),
  hosts: list(
    'Further names that a browser may use for the keeper’s page. Any other is refused: a hostile page could have made it up.',
    'a list of host names without port',
    isHostName,
    [],
  ),
});

export const alerts = section({
  smtp: optional(
    'Mail server that takes the node’s mails to its keeper. May hold a password: keep it in secrets.yaml then.',
    'smtp://USER:PASSWORD@HOST:587 or smtps://USER:PASSWORD@HOST:465, user and password only where the server wants them',
    isSmtpUrl,
    true,
  ),
  from: optional(
    'Sender of these mails; the first of alerts.to where it is left out.',
    'a mail address',
    isMailAddress,
  ),
  to: list('Who gets them. Empty: nobody, and none is sent.', 'a list of mail addresses', isMailAddress, []),
});

export const log = section({
  level: oneOf('Least important lines that are written.', ['debug', 'info', 'warn', 'error'], 'info'),
  format: oneOf('text for people, json for programs.', ['text', 'json'], 'text'),
});
