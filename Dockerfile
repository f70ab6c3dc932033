# Any Debian-based Node 22.14 or newer does: below that, SQLite would have to be compiled.
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
# Small heaps: this has to build on a machine with one core and 1 GB.
ENV NODE_OPTIONS=--max-old-space-size=640
COPY package.json package-lock.json .npmrc ./
# Every binary comes ready-made with its package: nothing is compiled here.
RUN npm ci --ignore-scripts --loglevel=error
COPY tsconfig.json ./
COPY scripts scripts
COPY src src
RUN npm run build
# The program and its packages are bundled in dist/: of node_modules only the binaries' packages run, of the others the
# licences stay. better-sqlite3-12 is for older Nodes; the last line sees that both load on this machine.
RUN npm prune --omit=dev --ignore-scripts --loglevel=error && node scripts/keep-binaries.mjs \
 && cd node_modules && find . -type f \( -name '*.map' -o -name '*.ts' -o -name '*.cts' -o -name '*.mts' -o -name '*.md' \) \
      ! -iname '*licen[cs]e*' ! -iname '*notice*' -delete \
 && node -e 'new (require("better-sqlite3"))(":memory:"); require("sharp")'

# The onion service of compose.yaml (profile onion); built only where it is asked for.
FROM ${NODE_IMAGE} AS onion
RUN apt-get update && apt-get install -y --no-install-recommends tor && rm -rf /var/lib/apt/lists/*
COPY docs/edge/torrc /etc/tor/torrc
RUN sed -i 's/127.0.0.1:8080/tamizdat:8080/' /etc/tor/torrc && mkdir -p /var/lib/tor && chown -R debian-tor:debian-tor /var/lib/tor && chmod 700 /var/lib/tor
USER debian-tor
VOLUME /var/lib/tor
ENTRYPOINT ["tor", "--DataDirectory", "/var/lib/tor", "--SocksPort", "0"]

FROM ${NODE_IMAGE}
LABEL org.opencontainers.image.title="Tamizdat" \
      org.opencontainers.image.description="A news mirror that stays readable on a throttled line" \
      org.opencontainers.image.licenses="AGPL-3.0-or-later"
WORKDIR /app
RUN mkdir -p /data/publishers && chown -R node:node /data
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json LICENSE ./
COPY data data
COPY scripts/healthcheck.mjs scripts/healthcheck.mjs
COPY scripts/compile-ahead.mjs scripts/compile-ahead.mjs
ENV NODE_ENV=production TAMIZDAT_HOME=/data TAMIZDAT_LISTEN=0.0.0.0:8080
# Node compiles what it loads at each start; here once, for the user that runs it. Read-only afterwards.
ENV NODE_COMPILE_CACHE=/app/compiled
RUN mkdir compiled && chown node:node compiled
# node, by number: not every runtime reads the image's own list of users.
USER 1000:1000
RUN node scripts/compile-ahead.mjs
# Serving and syncing together stay within 256 MB: the sync process is recycled earlier than elsewhere,
# and its threads share what they free.
ENV TAMIZDAT_SYNC_CHILD_MEMORY=192MiB MALLOC_ARENA_MAX=2
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 CMD ["node", "scripts/healthcheck.mjs"]
ENTRYPOINT ["node", "dist/main.js"]
CMD ["serve"]
