import type { Publisher } from '../domain/publisher.js';

/** A source whose address permanently leads to another host. As a decision's detail: both addresses, a space between. */
export interface Move {
  from: string;
  to: string;
}

export const moveDetail = ({ from, to }: Move): string => `${from} ${to}`;

export function parseMove(detail: string): Move {
  const [from = '', to = ''] = detail.split(' ');
  return { from, to };
}

/** The publisher with the moves its keeper accepted: the new address for that source, and the new host for everything. */
export function withMoves<P extends Publisher>(publisher: P, moves: readonly Move[]): P {
  if (moves.length === 0) return publisher;
  const url = (given: string): string =>
    moves.reduce((current, move) => (move.from === current ? move.to : current), given);
  const hosts = new Set([...publisher.hosts, ...moves.map(({ to }) => new URL(to).hostname)]);
  return {
    ...publisher,
    hosts: [...hosts],
    sources: publisher.sources.map((source) => ({ ...source, url: url(source.url) })),
  };
}
