import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 180_000,
    // Most tests wait for processes and databases: by default a machine of two cores would run one file at a time.
    maxWorkers: '100%',
    // Half the time of a run went into optimising the code of embedded databases that live for a few seconds.
    execArgv: ['--liftoff-only'],
  },
})
