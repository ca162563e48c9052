# The media server with its mediasoup worker: docker build -f docker/media-server.Dockerfile -t legwork-media-server .
FROM node:24-bookworm AS build
WORKDIR /legwork
COPY . .
RUN npm ci --ignore-scripts && npx tsc -b media-server && npm run build --workspace=media-server
# Downloads the worker, or builds it with Debian's libraries where that is not possible.
RUN node --input-type=module --eval \
  "const { ensureMediaWorker } = await import('/legwork/scripts/lib/media-worker.mjs'); await ensureMediaWorker(console.log)"

FROM node:24-bookworm-slim AS libraries
WORKDIR /legwork
COPY . .
RUN npm ci --ignore-scripts --omit=dev --workspace=media-server

FROM node:24-bookworm-slim
ENV NODE_ENV=production
# What a worker that was built, not downloaded, is linked with.
RUN apt-get update && apt-get install --yes --no-install-recommends libsrtp2-1 libssl3 libuv1 \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /legwork
COPY --from=libraries /legwork/node_modules ./node_modules
COPY --from=build /legwork/node_modules/mediasoup/worker/out/Release/mediasoup-worker /usr/local/bin/mediasoup-worker
COPY --from=build /legwork/shared/package.json ./shared/package.json
COPY --from=build /legwork/shared/dist ./shared/dist
COPY --from=build /legwork/media-server/package.json ./media-server/package.json
COPY --from=build /legwork/media-server/dist ./media-server/dist
ENV MEDIASOUP_WORKER_BIN=/usr/local/bin/mediasoup-worker
USER node
EXPOSE 7400/tcp
ENTRYPOINT ["node", "media-server/dist/main.js"]
