# Gateway and consumers in one image; docker-compose.yml says which of them a container runs.
FROM node:24-slim
WORKDIR /m2m

# The image has its own Node and needs no local Postgres, so nothing of what packages do after their installation.
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts && npm cache clean --force

COPY . .

# Where "prepare" keeps the demo key.
RUN mkdir /stack && chown node:node /stack

USER node
# Without limits Node lets garbage gather until a process has twice the memory (docs/operations.md, "Memory").
# kafkajs 2.2.4 sets a timer in the past when it starts, which Node 24 remarks upon in the log.
ENV NODE_ENV=production NODE_OPTIONS="--max-old-space-size=256 --max-semi-space-size=16 --disable-warning=TimeoutNegativeWarning"
CMD ["node", "gateway/main.ts"]
