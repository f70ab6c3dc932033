export type Coding = 'br' | 'gzip' | 'identity';

/** The smallest coding the client takes (RFC 9110 section 12.5.3): brotli, then gzip, then none. */
export function chooseCoding(acceptEncoding: string | undefined): Coding {
  if (acceptEncoding === undefined) return 'identity';
  // The plain header of every browser needs no parsing: it is read once a request.
  if (!acceptEncoding.includes('q=')) {
    return acceptEncoding.includes('br') ? 'br' : acceptEncoding.includes('gzip') ? 'gzip' : 'identity';
  }
  const refused = new Set<string>();
  const taken = new Set<string>();
  for (const item of acceptEncoding.split(',')) {
    const [name = '', ...parameters] = item.split(';').map((part) => part.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
    (weight !== undefined && !(Number(weight) > 0) ? refused : taken).add(name);
  }
  const accepts = (coding: string) => taken.has(coding) || (taken.has('*') && !refused.has(coding));
  return accepts('br') ? 'br' : accepts('gzip') ? 'gzip' : 'identity';
}
