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
ENV NODE_ENV=production
CMD ["node", "gateway/main.ts"]
