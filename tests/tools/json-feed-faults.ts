import { z } from 'zod';

// The specification: https://www.jsonfeed.org/version/1.1/. Members that 1.1 deprecates (`author`) are faults here, and so
// is any member it does not name, unless it begins with an underscore as extensions do.

const url = z.url({ protocol: /^https?$/ });
const person = z
  .strictObject({ name: z.string().optional(), url: url.optional(), avatar: url.optional() })
  .refine((author) => Object.keys(author).length > 0, 'an author must have at least one of its members');

const item = z
  .strictObject({
    id: z.string().min(1),
    url: url.optional(),
    external_url: url.optional(),
    title: z.string().optional(),
    content_html: z.string().optional(),
    content_text: z.string().optional(),
    summary: z.string().optional(),
    image: url.optional(),
    banner_image: url.optional(),
    date_published: z.iso.datetime({ offset: true }).optional(),
    date_modified: z.iso.datetime({ offset: true }).optional(),
    authors: z.array(person).optional(),
    tags: z.array(z.string()).optional(),
    language: z.string().optional(),
    attachments: z.array(z.strictObject({ url, mime_type: z.string() })).optional(),
  })
  .refine(
    (one) => one.content_html !== undefined || one.content_text !== undefined,
    'an item must have content_html or content_text',
  );

const feed = z.strictObject({
  version: z.literal('https://jsonfeed.org/version/1.1'),
  title: z.string(),
  home_page_url: url.optional(),
  feed_url: url.optional(),
  description: z.string().optional(),
  user_comment: z.string().optional(),
  next_url: url.optional(),
  icon: url.optional(),
  favicon: url.optional(),
  authors: z.array(person).optional(),
  language: z.string().optional(),
  expired: z.boolean().optional(),
  hubs: z.array(z.strictObject({ type: z.string(), url })).optional(),
  items: z
    .array(item)
    .refine((items) => new Set(items.map((one) => one.id)).size === items.length, 'ids must be unique'),
});

/** What keeps a value from being a JSON Feed 1.1; nothing where it is one. */
export function jsonFeedFaults(value: unknown): string[] {
  const result = feed.safeParse(withoutExtensions(value));
  return result.success
    ? []
    : result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
}

function withoutExtensions(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutExtensions);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !name.startsWith('_'))
      .map(([name, member]) => [name, withoutExtensions(member)]),
  );
}
