// node .ci/results.ts <report of vitest> <file>: prints how many tests passed, failed and were skipped, and appends to
// the file which failed, and how.
import { appendFileSync, readFileSync } from 'node:fs'

type Test = { fullName: string; status: string; failureMessages: string[] }
type Report = {
  success: boolean
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  numTodoTests: number
  /** With a message where the file itself could not be run. */
  testResults: { name: string; message: string; assertionResults: Test[] }[]
}

const [reportFile = '', failuresFile = ''] = process.argv.slice(2)
const report: Report = JSON.parse(readFileSync(reportFile, 'utf8'))
for (const { name, message, assertionResults } of report.testResults) {
  const failed = assertionResults.filter(({ status }) => status === 'failed')
  const told = failed.map(({ fullName, failureMessages }) => [fullName, ...failureMessages].join('\n').slice(0, 1000))
  if (message !== '') told.push(message)
  for (const text of told) appendFileSync(failuresFile, `!! ${name}: ${text}\n`)
}
if (!report.success && report.numFailedTests === 0)
  appendFileSync(failuresFile, '!! The run failed, and no test of it\n')
console.log(report.numPassedTests, report.numFailedTests, report.numPendingTests + report.numTodoTests)
