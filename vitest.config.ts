import { defineConfig } from "vitest/config";

const project = (suffix: string, options: Record<string, unknown> = {}) => ({
  test: { name: suffix, include: [`test/**/*.${suffix}.test.ts`], retry: 0, ...options },
});

export default defineConfig({
  test: {
    projects: [project("unit"), project("int"), project("sys"), project("fault")],
  },
});
