// Settings in `.env`, for whatever npm starts here. Node's own option, --env-file-if-exists, says so on every start
// where there is no such file. Processes that tests start go without: they must not see a developer's settings.
import { existsSync } from 'node:fs'

if (existsSync('.env')) process.loadEnvFile('.env')
