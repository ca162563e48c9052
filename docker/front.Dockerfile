# TLS in front of the page, the API and SIP over WebSocket: docker build -f docker/front.Dockerfile -t legwork-front .
FROM caddy:2
COPY docker/Caddyfile /etc/caddy/Caddyfile
