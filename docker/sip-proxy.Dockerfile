# The application with the page it serves: docker build -f docker/sip-proxy.Dockerfile -t legwork-sip-proxy .
FROM node:24-bookworm-slim AS build
WORKDIR /legwork
COPY . .
RUN npm ci --ignore-scripts && npx tsc -b sip-proxy && npm run build --workspace=softphone

FROM node:24-bookworm-slim AS libraries
WORKDIR /legwork
COPY . .
RUN npm ci --ignore-scripts --omit=dev --workspace=sip-proxy

FROM node:24-bookworm-slim
ENV NODE_ENV=production
WORKDIR /legwork
COPY --from=libraries /legwork/node_modules ./node_modules
COPY --from=build /legwork/shared/package.json ./shared/package.json
COPY --from=build /legwork/shared/dist ./shared/dist
COPY --from=build /legwork/sip-proxy/package.json ./sip-proxy/package.json
COPY --from=build /legwork/sip-proxy/dist ./sip-proxy/dist
COPY --from=build /legwork/softphone/dist/page ./softphone/dist/page
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8080/tcp
ENTRYPOINT ["node", "sip-proxy/dist/main.js"]
