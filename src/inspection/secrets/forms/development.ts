import { endsInCrc32 } from '../checksums.ts'
import { alphanumeric, anyHex, base64, formsOf, hex, url64, uuid } from '../form.ts'

/** Tokens of code hosts, registries, builds and monitoring. Source: the documentation of each. */
export const developmentForms = formsOf('secret_token', [
  ['GitHub', 'ghp_ gho_ ghu_ ghs_ ghr_', `${alphanumeric}{36}`, endsInCrc32],
  ['GitHub App, stateless', 'ghs_', `\\d{1,20}_eyJ${url64}{10,300}\\.${url64}{10,1000}\\.${url64}{10,700}`],
  ['GitHub, fine-grained', 'github_pat_', `${alphanumeric}{22}_${alphanumeric}{59}`],
  /** The second form names the instance that a token belongs to (GitLab 17.6). */
  [
    'GitLab',
    'glpat- gloas- gldt- glrt- glrtr- glcbt- glptt- glft- glimt- glagent- glwt- glsoat- glffct-',
    `(?:t\\d_)?${url64}{20,300}(?:\\.[0-9a-z]{2}\\.?[0-9a-z]{7})?`,
  ],
  ['npm', 'npm_', `${alphanumeric}{36}`, endsInCrc32],
  /** A macaroon in base64, whose location is pypi.org or test.pypi.org. */
  ['PyPI', 'pypi-AgEIcHlwaS5vcmc pypi-AgENdGVzdC5weXBpLm9yZw', `${url64}{50,1000}`],
  ['RubyGems', 'rubygems_', `${hex}{48}`],
  ['crates.io', 'cio', `${alphanumeric}{32}`],
  ['NuGet', 'oy2', '[0-9a-z]{43}'],
  ['Clojars', 'CLOJARS_', '[0-9a-z]{60}'],
  ['Docker', 'dckr_pat_ dckr_oat_', `${url64}{24,48}`],
  ['JFrog', 'AKCp', `${alphanumeric}{69}`],
  ['JFrog', 'cmVmdGtuOj', `${alphanumeric}{54}`],
  ['Postman', 'PMAK-', `${hex}{24}-${hex}{34}`],
  ['SonarQube', 'squ_ sqp_ sqa_', `${hex}{40}`],
  ['CircleCI', 'CCIPAT_ CCIPRJ_', `${alphanumeric}{22}_${hex}{40}`],
  ['Buildkite', 'bkua_ bkat_', `${alphanumeric}{40}`],
  ['Sourcegraph', 'sgp_', `(?:(?:${hex}{16}|local)_)?${hex}{40}`],
  ['Sentry', 'sntrys_eyJ', '[\\w=+/-]{60,600}'],
  ['Sentry', 'sntryu_', `${hex}{64}`],
  ['Grafana', 'glsa_', `${alphanumeric}{32}_${anyHex}{8}`],
  ['Grafana', 'glc_eyJ', `${base64}{40,400}={0,2}`],
  ['Grafana, before 2023', 'eyJrIjoi', `${base64}{40,400}={0,2}`],
  ['New Relic', 'NRAK-', '[0-9A-Z]{27}'],
  ['New Relic', 'NRII- NRIQ-', `${url64}{32}`],
  ['Dynatrace', 'dt0c01. dt0s01. dt0s16.', '[0-9A-Z]{8,24}\\.[0-9A-Z]{64}'],
  ['Honeycomb', 'hcaik_ hcbik_ hcamk_', '[0-9a-z]{26,64}'],
  ['LaunchDarkly', 'sdk- api- mob-', uuid],
  ['PostHog', 'phx_', `${alphanumeric}{40,50}`],
  ['Snyk', 'snyk_uat.', `${hex}{8}\\.${url64}{20,200}`],
  ['HashiCorp Terraform', 'atlasv1.', `${url64}{60,70}`],
  [
    'Slack',
    'xoxa- xoxb- xoxc- xoxd- xoxe- xoxo- xoxp- xoxr- xoxs-',
    `(?:\\d-)?${url64}{16,250}`,
    body => (/\d/.test(body) ? 1 : 0),
  ],
  ['Slack', 'xoxe.xoxb- xoxe.xoxp-', `${url64}{20,250}`],
  ['Slack', 'xapp-', `\\d-[0-9A-Z]{8,14}-\\d{10,14}-${anyHex}{40,64}`],
])
