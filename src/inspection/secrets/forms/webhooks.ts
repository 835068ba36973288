import { alphanumeric, formsOf, hex, url64, uuid } from '../form.ts'

const query = '[\\w=&%.~+-]'

/** Addresses that let whoever knows them write to a channel or start a flow. Source: the documentation of each. */
export const webhookForms = formsOf('secret_webhook_url', [
  ['Slack', 'hooks.slack.com/services/', `T\\w{4,14}/B\\w{4,14}/${alphanumeric}{8,32}`],
  ['Slack', 'hooks.slack.com/workflows/ hooks.slack.com/triggers/', `\\w{6,14}/[\\w/]{16,80}`],
  [
    'Discord',
    'discord.com/api/ discordapp.com/api/ canary.discord.com/api/ ptb.discord.com/api/',
    `(?:v\\d{1,2}/)?webhooks/\\d{16,20}/${url64}{60,80}`,
  ],
  ['Microsoft Teams', 'webhook.office.com/webhookb2/', `${uuid}@${uuid}/IncomingWebhook/${hex}{32}/[\\w/-]{36,100}`],
  ['Microsoft Teams', 'outlook.office.com/webhook/', `${uuid}@${uuid}/IncomingWebhook/${hex}{32}/${uuid}`],
  [
    'Azure Logic Apps',
    'logic.azure.com',
    `(?::443)?/workflows/${hex}{32}/[\\w/-]{4,80}\\?${query}{0,200}sig=${url64}{20,90}`,
  ],
  ['Google Chat', 'chat.googleapis.com/v1/spaces/', `\\w{6,20}/messages\\?${query}{40,300}`],
  ['Telegram', 'api.telegram.org/bot', `\\d{8,10}:${url64}{35}`],
  ['Zapier', 'hooks.zapier.com/hooks/catch/', `\\d{4,12}/[0-9a-z]{5,12}`],
  ['Make', 'hook.eu1.make.com/ hook.eu2.make.com/ hook.us1.make.com/ hook.us2.make.com/', '[0-9a-z]{28,36}'],
  ['IFTTT', 'maker.ifttt.com/trigger/', `[\\w-]{1,60}/(?:json/)?with/key/${url64}{20,48}`],
  ['DingTalk', 'oapi.dingtalk.com/robot/send?access_token=', `${hex}{64}`],
  ['Feishu and Lark', 'open.feishu.cn/open-apis/bot/v2/hook/ open.larksuite.com/open-apis/bot/v2/hook/', uuid],
  ['WeCom', 'qyapi.weixin.qq.com/cgi-bin/webhook/send?key=', uuid],
])
