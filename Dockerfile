# One image for both processes; docker-compose.yml decides which of them runs.
#
#   docker build .                    builds everything inside, from the locked packages
#   docker build --target prebuilt .  takes what `npm run build -- --image` made here, for builders without a package registry
#
# NODE_IMAGE may be any Debian-based image with Node 20.19 or newer. `npm run quickstart` makes holdfast/node where none can
# be pulled.
ARG NODE_IMAGE=node:22-slim

FROM ${NODE_IMAGE} AS base
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1 \
    DATABASE_URL=file:/data/holdfast.db HOLDFAST_BACKUP_DIR=/backups HOLDFAST_RUN_AS=10001:10001
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /data --shell /usr/sbin/nologin holdfast \
 && install -d -o holdfast -g holdfast -m 0700 /data \
 && install -d -o holdfast -g holdfast -m 0750 /backups
# The command line: docker compose exec worker holdfast status
RUN ln -s /app/dist/holdfast.js /usr/local/bin/holdfast
WORKDIR /app
EXPOSE 3000
# The worker's container starts as root, to join the group that the Engine's socket has on its host, and then steps down.
USER holdfast
ENTRYPOINT ["node", "scripts/start.mjs"]

# Before the stage that builds: builders without BuildKit run every stage above the one they are asked for. For the same reason what is built
# is a pattern beside a file that is always there: where nothing is built yet, this stage must not keep the others from being made.
FROM base AS prebuilt
COPY next.config.ts dist/node_module[s] ./node_modules/
COPY package.json next.config.ts ./
COPY public ./public
COPY prisma/migrations ./prisma/migrations
COPY scripts ./scripts
COPY next.config.ts dist/*.js dist/*.map ./dist/
COPY next.config.ts .nex[t] ./.next/

FROM ${NODE_IMAGE} AS build
WORKDIR /app
ENV NEXT_TELEMETRY_DISABLED=1
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
# Named one by one, so that what was built or installed on the host stays there.
COPY next.config.ts postcss.config.mjs prisma.config.ts proxy.ts instrumentation.ts tsconfig.json ./
COPY prisma ./prisma
COPY public ./public
COPY scripts ./scripts
COPY lib ./lib
COPY cli ./cli
COPY components ./components
COPY pages ./pages
COPY app ./app
COPY bench ./bench
RUN npm run build && rm -rf .next/cache && npm prune --omit=dev --no-audit --no-fund

FROM base AS runtime
# For an Engine on a machine that ssh reaches. Not in `base`: the target `prebuilt` needs no package registry. apt-get ends without the
# directory of its log, which holdfast/node has not.
USER root
RUN mkdir -p /var/log/apt && apt-get update && apt-get install -y --no-install-recommends openssh-client && rm -rf /var/lib/apt/lists/*
USER holdfast
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/package.json /app/next.config.ts ./
COPY --from=build /app/public ./public
COPY --from=build /app/prisma/migrations ./prisma/migrations
COPY --from=build /app/scripts ./scripts
COPY --from=build /app/dist ./dist
COPY --from=build /app/.next ./.next
