# The embedded SIP engine by itself: docker build -f docker/sip-engine.Dockerfile -t legwork-sip-engine .
FROM node:24-bookworm-slim AS build
WORKDIR /legwork
COPY . .
RUN npm ci --ignore-scripts && npx tsc -b sip-engine

FROM node:24-bookworm-slim AS libraries
WORKDIR /legwork
COPY . .
RUN npm ci --ignore-scripts --omit=dev --workspace=sip-engine

FROM node:24-bookworm-slim
ENV NODE_ENV=production
WORKDIR /legwork
COPY --from=libraries /legwork/node_modules ./node_modules
COPY --from=build /legwork/sip-engine/package.json ./sip-engine/package.json
COPY --from=build /legwork/sip-engine/dist ./sip-engine/dist
USER node
EXPOSE 5060/udp 5060/tcp 5066/tcp 9022/tcp
ENTRYPOINT ["node", "--no-memory-reducer", "sip-engine/dist/main.js"]
