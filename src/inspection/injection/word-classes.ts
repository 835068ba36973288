/**
 * Words by what they do in an order to a model, in the languages that most attacks come in: English, German, French,
 * Spanish, Italian, Portuguese, Dutch, Polish, Russian, Chinese. From a dictionary, not from any collection of attacks.
 */
const wordsByClass = {
  forget:
    'ignore ignoring disregard forget forgetting overlook discard dismiss bypass override overrule skip neglect abandon erase ' +
    'ignoriere ignorier ignorieren vergiss vergessen vergesse missachte verwerfe lösche übergehe ' +
    'ignore ignorez ignorer oublie oubliez oublier néglige ignora ignorar ignore olvida olvide olvidar descarta omite ' +
    'ignora ignorate dimentica dimenticate dimenticare esqueça esqueca esquece desconsidere desconsidera negeer vergeet ' +
    'zignoruj zapomnij pomiń игнорируй игнорируйте забудь забудьте 忽 忘',
  earlier:
    'previous prior above earlier preceding foregoing before former initial original beforehand already ' +
    'vorherigen vorherige vorigen bisherigen bisherige obigen obige vorangehenden vorangegangenen davor vorher zuvor oben ursprünglichen ' +
    'précédentes précédents précédente antérieures avant ci-dessus anteriores anterior previas previos arriba precedenti precedente ' +
    'sopra acima vorige eerdere bovenstaande poprzednie wcześniejsze powyższe предыдущие прежние 之 前 上 以',
  all:
    'all any every everything anything whatever entire whole alle allen alles sämtliche jegliche tout tous toutes toute todo todas todos toda ' +
    'tutto tutte tutti tudo alles wszystkie wszystko все всё 所 一',
  order:
    'instructions instruction directions directives directive commands command orders rules rule guidelines guideline prompt prompts ' +
    'context constraints restrictions policies policy programming training tasks task told instructed ' +
    'anweisungen anweisung befehle befehl regeln regel vorgaben angaben aufgaben aufgabe richtlinien instruktionen einschränkungen ' +
    'instructions consignes règles directives ordres instrucciones órdenes reglas directrices indicaciones istruzioni regole ordini ' +
    'instruções instrucoes regras ordens comandos instructies regels opdrachten instrukcje polecenia zasady инструкции указания правила 指 令 规 则',
  show:
    'show print reveal repeat output display write tell disclose share expose leak return list give spell echo copy summarize translate recite dump ' +
    'zeige zeig nenne nenn gib wiederhole verrate drucke schreibe schreib sage sag antworte montre affiche répète révèle donne dis écris ' +
    'muestra repite revela imprime di dime escribe mostra ripeti rivela scrivi stampa diga mostre repita escreva toon herhaal pokaż powtórz покажи повтори 显 示 输 出 重 复',
  hidden:
    'system hidden secret secrets initial confidential internal private password passwords credential credentials key keys token tokens database ' +
    'geheim geheime geheimes geheimen passwort kennwort systemprompt secret secrète système mot contraseña clave secreta sistema segreto senha segredo wachtwoord geheime hasło ' +
    'пароль секрет 密 码',
  you: 'you your yourself du dein deine dir sie ihr tu vous toi tú usted você tu jij je ty ты вы 你 您',
  role:
    'act pretend roleplay imagine simulate persona character role actor actors acting behave impersonate become immerse mode ' +
    'agiere fungieren fungiere spiele rolle schauspieler stell tue figur joue imagine rôle agis actúa finge papel rol personaje imagina agisci fingi ruolo aja finja atue speel doe udawaj rola представь роль 扮 演',
  now: 'now instead henceforth onwards afterwards nun jetzt ab stattdessen maintenant désormais plutôt ahora adesso ora agora nu voortaan teraz теперь сейчас 现 在',
  new: 'new next following further neue neuen neuer folgende folgenden weitere nouvelle nouvelles suivante nueva nuevas nuevo siguiente nuova nuovo seguente nova novas nieuwe nowe новые 新',
  free:
    'unrestricted unfiltered uncensored jailbreak jailbroken jailbreaking dan developer debug admin root sudo god evil unlimited unethical amoral limitless ' +
    'entwickler entwicklermodus uneingeschränkt böse böser gott administrator développeur desarrollador sviluppatore desenvolvedor',
  limit:
    'restrictions restriction limitations limits filter filters censorship safety ethics ethical moral guidelines safeguards rules policies refuse refusing disclaimer warnings ' +
    'einschränkungen beschränkungen grenzen restrictions limites restricciones límites',
  model:
    'ai assistant chatbot bot model llm gpt chatgpt openai anthropic claude gemini llama ki assistent sprachmodell ia asistente modèle modelo assistente',
  not: 'not never no without don dont cannot won nicht kein keine ohne niemals nie pas sans jamais jamás sin senza nunca sem niet geen zonder nie не без 不',
  person:
    'user human owner operator reader anyone nobody benutzer nutzer anwender utilisateur usuario utente usuário gebruiker użytkownik пользователь',
  send:
    'send forward post upload fetch visit click browse email navigate download execute run transfer include append embed render sende schicke ' +
    'envoie envoyez envía envia invia verzend wyślij отправь',
  address:
    'http https www url link webhook website image img markdown html endpoint server base64 hex morse cipher rot13 encode decode encoded decoded unicode ascii',
  message:
    'message messages text conversation output response answer document page email context above words sentence line beginning nachricht text antwort texte réponse mensaje respuesta',
} as const satisfies Record<string, string>

/** How many classes there are. */
export const classCount = Object.keys(wordsByClass).length

/** The classes of each word, as bits. */
export const classesByWord = (() => {
  const classes = new Map<string, number>()
  Object.values(wordsByClass).forEach((words, i) => {
    for (const word of words.split(' ')) classes.set(word, (classes.get(word) ?? 0) | (1 << i))
  })
  return classes
})()
