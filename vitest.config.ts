import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 180_000,
    // What comes about does so in milliseconds, unless the machine is busy with something else.
    expect: { poll: { timeout: 20_000 } },
    // Most tests wait for processes and databases: by default a machine of two cores would run one file at a time.
    maxWorkers: '100%',
    // Baseline code for WebAssembly: the start and 800 queries of an embedded database take 2.7 seconds of processor
    // time so, and 5.3 with the optimising compiler, which no test's database lives long enough to gain from.
    execArgv: ['--liftoff-only'],
  },
})
