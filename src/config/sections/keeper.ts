import { isMailAddress, isSmtpUrl } from '../addresses.js';
import { list, listen, oneOf, optional, section } from '../keys.js';

const isHostName = (value: string) => /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/i.test(value);
const isToken = (value: string) => /^[A-Za-z0-9._~+/=-]{16,200}$/.test(value);

export const admin = section({
  listen: listen(
    'Address of /healthz, metrics and the keeper’s page. Keep it off the internet.',
    '127.0.0.1:8081',
  ),
  token: optional(
    'Password of the keeper’s page and metrics, needed if admin.listen is not loopback; the first start makes one if it is missing.',
    'letters, digits and . _ ~ + / = -, 16 to 200 of them',
    isToken,
    true,
  ),
  hosts: list(
    'Further host names for the keeper’s page. All others are refused, since a hostile page can make any name point here.',
    'a list of host names without port',
    isHostName,
    [],
  ),
});

export const alerts = section({
  smtp: optional(
    'Mail server for mails to the keeper. May hold a password: keep it in secrets.yaml then.',
    'smtp://USER:PASSWORD@HOST:587 or smtps://USER:PASSWORD@HOST:465, user and password only where the server wants them',
    isSmtpUrl,
    true,
  ),
  from: optional('Sender of these mails (default: the first of alerts.to).', 'a mail address', isMailAddress),
  to: list('Recipients of these mails. Empty: none is sent.', 'a list of mail addresses', isMailAddress, []),
});

export const log = section({
  level: oneOf('Lowest level that is logged.', ['debug', 'info', 'warn', 'error'], 'info'),
  format: oneOf('text for people, json for programs.', ['text', 'json'], 'text'),
});
