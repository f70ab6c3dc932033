import type { StatusReport } from '../status.js';
import { agoText, countText, sizeText, spanText, timeText } from '../units.js';

/** The figures of the node, each in a card; those with a limit have a meter. */
export function Tiles({ report }: { report: StatusReport }) {
  const { at, articles, disk, traffic, lastPassAt, firstStartAt, backup, certificate, dirtyGroups } = report;
  return (
    <dl class="tiles">
      <Tile
        label="Articles"
        value={countText(articles.live)}
        more={`${countText(articles.removed)} removed; ${dirtyGroups === 0 ? 'every page is current' : `${countText(dirtyGroups)} groups of pages to render`}`}
      />
      <Tile
        label="Last pass"
        value={agoText(lastPassAt, at)}
        more={lastPassAt === null ? 'the first is under way' : timeText(lastPassAt)}
      />
      <Tile
        label="Traffic today"
        value={sizeText(traffic.todayBytes)}
        part={traffic.todayBytes}
        of={traffic.todayAllowance}
        more={`${countText(traffic.todayAnswers)} answers${traffic.todayAllowance === null ? '' : `; ${sizeText(traffic.todayAllowance)} are allowed`}`}
      />
      <Tile
        label="Traffic this month"
        value={sizeText(traffic.monthBytes)}
        part={traffic.monthBytes}
        of={traffic.monthCap}
        more={traffic.monthCap === null ? 'no cap' : `of ${sizeText(traffic.monthCap)}`}
      />
      <Tile
        label="Disk"
        value={`${sizeText(disk.freeBytes)} free`}
        part={disk.databaseBytes}
        of={disk.databaseBytes + disk.freeBytes}
        more={`the database takes ${sizeText(disk.databaseBytes)}`}
      />
      <Tile
        label="Pictures"
        value={sizeText(disk.picturesBytes)}
        part={disk.picturesBytes}
        of={disk.picturesMaxBytes}
        more={`${countText(disk.pictures)}, of at most ${sizeText(disk.picturesMaxBytes)}`}
      />
      <Tile
        label="Last backup"
        value={agoText(backup.at, at)}
        more={backup.trouble ?? (backup.daily ? 'one is made each day' : 'only by hand: backup.daily is off')}
      />
      <Tile
        label="This mirror"
        value={firstStartAt === null ? 'new' : spanText(at - firstStartAt)}
        more={firstStartAt === null ? '' : `since ${timeText(firstStartAt)}`}
      />
      {certificate !== null && (
        <Tile
          label="Certificate"
          value={agoText(certificate.expiresAt, at)}
          more={`runs out ${timeText(certificate.expiresAt)}; ${certificate.key}, ${countText(certificate.chainBytes)} B`}
        />
      )}
    </dl>
  );
}

function Tile(tile: { label: string; value: string; more: string; part?: number; of?: number | null }) {
  const { part = 0, of = null } = tile;
  const share = of === null || of <= 0 ? null : Math.min(1, part / of);
  return (
    <div class="card">
      <dt>{tile.label}</dt>
      <dd>
        {tile.value}
        {share !== null && (
          <svg class="meter" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
            <title>{`${Math.round(share * 100)} %`}</title>
            <rect class="back" width="100" height="4" />
            <rect
              class={share > 0.9 ? 'near' : 'full'}
              width={Math.max(0.5, share * 100).toFixed(1)}
              height="4"
            />
          </svg>
        )}
        <small>{tile.more}</small>
      </dd>
    </div>
  );
}
