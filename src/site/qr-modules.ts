import { encode } from 'uqr';
import type { QrModules } from '../render/site-views.js';

/** The QR code of `text` with a fifteenth of it to spare for dirt (level M), without its quiet zone. */
export const qrModules = (text: string): QrModules => encode(text, { ecc: 'M', border: 0 }).data;
