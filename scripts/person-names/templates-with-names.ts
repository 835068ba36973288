/**
 * Sentences about people, written for training. `{…}` is filled in, `[a|b]` is one of both. `{name}` is a name in any
 * of its forms, `{full}` has a first and a last name, `{first}` and `{last}` one word.
 */
export const sentencesWithNames = String.raw`
[My name is|my name's|I am|I'm|This is|Hi, I'm|hey it's|Here is] {name}[.|!||, calling about order {number}.| from {org}.|, and I live in {place}.]
[Hi|Hello|Dear|Hey|Good morning|Good afternoon|Good evening|Thanks|Thank you|Hi there|Welcome|Congrats|Sorry] {name}[,|!|.|]
[Hi|Hello|Dear|Hey] {first},\n\n[thank you for your message|I hope you are well|following up on our call|please find the report attached|any news about {product}?].\n\n[Best regards|Kind regards|Regards|Thanks|Cheers|Sincerely|Best|Yours truly],\n{name}[|\n{job}|\n{org}|\n{job}, {org}|\n{phone}]
[Best|Regards|Cheers|Thanks|Love|Yours sincerely|Warmly|Take care|xoxo|Thx],\n{name}[|\n{job}|\n{email}|\n{street}\n{place}]
{title} {name} [will see you|is on leave|has signed the form|called this morning|confirmed the diagnosis|is covering the ward|wrote the referral|teaches the course]
[Name|Full name|Customer|Patient|Client|Contact|Employee|Applicant|Author|Attendee|Assignee|Reporter|Guest|Signed|From|To|Cc|Attn|Sender|Recipient|Cardholder|Account holder|Manager|Witness|Attorney|Tenant|Landlord|Next of kin|Emergency contact]: {name}
[Name|name|Customer name|Patient name|Full Name|Surname|First name]: {name}\n[Address|address|Street]: {street}\n[City|Town|city]: {place}\n[Phone|Tel]: {phone}
[First name|First Name|Given name|first_name]: {first}\n[Last name|Last Name|Surname|last_name]: {last}
From: {full} <{email}>\nTo: {full} <{email}>\nSubject: [Meeting|Invoice {number}|Order update|Re: {product}|Quarterly review]
"{full}" <{email}>; "{full}" <{email}>
{"name": "{name}", "email": "{email}", "city": "{place}"}
{"first_name": "{first}", "last_name": "{last}", "company": "{org}"}
{"customer": {"fullName": "{full}", "id": {number}}, "status": "active"}
user: "{name}", role: "{job}"
<name>{full}</name><city>{place}</city>
name={name}&city={place}
{number},{first},{last},{email},{place}
{last},{first},{phone},{street},{place}
id,name,city\n{number},{full},{place}\n{number},{full},{place}
| {full} | {job} | {place} | {phone} |
{full}\t{job}\t{email}
- {full} ({job})\n- {full} ({job})\n- {full} ({org})
Attendees: {full}, {full}, {full} and {full}
[Present|Invited|Team|Authors|Players|Cast|Speakers|Members]: {name}, {name}, {name}
{first}, {first} and {first} [went|are going|drove|will travel|flew] to {place}.
{name} and {name} [got married|are moving to {place}|work at {org}|met in {place}|were invited|had lunch|won the game|broke up|are here]
{name} [said|says|told me|told us|asked|replied|wrote|thinks|explained|announced|promised|shouted|admitted|laughed|insisted] [that the {noun} was late|he would be back on {day}|it was fine|that {org} had closed|"no comment"|she likes {product}]
"[We are ready|It is over|I don't know|Stop|Put it there|What a day]," [said|says|replied|whispered|shouted|added|yelled] {name}.
[according to|said|told by|as noted by|written by|directed by|painted by|signed by|approved by|reviewed by|founded by|played by|produced by|sung by|designed by|submitted by|translated by|owned by|assigned to] {name}
[The book|The song|The film|The report|The album|The novel|The article|The letter|A painting] by {name} [was published in {month}|is wonderful|came out in {number}|changed my life|is on the list]
[I|We|They|She|He] [met|saw|called|emailed|asked|love|miss|hate|know|texted|invited|hired|fired|thanked|told|paid|married|visited|believe|trust|remember|interviewed|helped|watched] {name} [yesterday|last night|in {place}|at {org}|on {day}|about the {noun}|again|so much|]
[Did|Does|Can|Could|Will|Would|Should|Has|Is|Was] {name} [call|know about the {noun}|work at {org}|coming|in the office|live in {place}|have the keys|send the {noun}|there|ready]?
[Where|Who|How|What|When] [is|was|did] {name} [from|doing|now|go|say|born|live]?
[Please|Kindly|Can you please|Could you] [contact|call|ask|remind|tell|send this to|add|remove|transfer {number} to|book a room for|forward it to|make an appointment for|check with|loop in|register|invite] {name} [about the {noun}|before {day}|to the list|as a contact|to the chat|asap|]
[my|My|his|her|our|their|your] [friend|brother|sister|wife|husband|son|daughter|boss|manager|doctor|lawyer|uncle|aunt|cousin|neighbour|colleague|roommate|dog|teacher|landlord|therapist|nurse|dentist|mom|dad|girlfriend|boyfriend] {name} [is|was|lives in {place}|works for {org}|loves {product}|said hi|will be there|had surgery|]
[my|My|his|her|the] [friend|wife|husband|manager|patient|client|teacher|mother|father|son], {name}, [is|was|lives in {place}|has moved to {place}|died in {number}]
[I spoke to|I talked with|I was helped by|I had a call with|I am here with|I work with|I live with|I'm waiting for|Happy birthday|Rest in peace|RIP|shout out to|props to|credit to|good luck|get well soon|thanks to|kudos to|I went with|hanging out with|listening to|I voted for|I agree with] {name}[.|!||, who works at {org}.| today]
{name}'s [car|house|phone|book|account|birthday|team|email|speech|wife|mother|laptop|order|passport|insurance|report|idea|dog|latest album|appointment|invoice|lawyer] [is|was|has been|arrived|is not working|is on {day}|]
[the|The] [account|card|booking|policy|contract|reservation|ticket|invoice|order|subscription|appointment|prescription|house|room|table|loan] [of|for|belongs to|is in the name of|is registered to|was made by|was opened by] {name}[.|, {street}, {place}.|]
[I want to|I would like to|I need to|Please] [change the name on my {noun} to|put|list|register|name|remove|replace the owner with] {name}[.| please.| on the {noun}.]
[Patient|Pt|The patient] {full}[,| (] [age {number}|DOB {date}|a {number}-year-old man|{number}yo female][,|)] [presents with|was admitted with|complains of|was seen for|denies] [chest pain|fever|headache|a cough|fatigue|shortness of breath].
{full} [was seen in clinic|was discharged|underwent surgery|tolerated the procedure well|has a history of asthma|was prescribed {product}] [on {date}|on {day}|today|by {title} {last}].
[Referred by|Seen by|Attending|Dictated by|Consultant|Physician|Surgeon|PCP|RN|Provider]: {title} {full}
[This agreement|This contract|This lease] is [made|entered into] [between|by and between] {full} ("[Buyer|Tenant|Client]") and {full} ("[Seller|Landlord|Contractor]").
[The plaintiff|The defendant|The witness|The appellant|Judge|Justice|Attorney|Detective|Officer|Inspector|Agent], {full}, [testified|stated|filed a motion|appealed|resides at {street}, {place}].
{last} v. {last}, {number} [U.S.|F.3d] {number}
IN WITNESS WHEREOF, {full} has signed this [deed|will|agreement] on {date}.
[President|Senator|Governor|Prime Minister|Chancellor|Secretary|Mayor|Minister|Congressman|Chairman|CEO|Coach|Captain|General|Colonel|King|Queen|Prince|Pope|Saint|Director|Justice|Representative|Ambassador] {name} [said|met with|resigned|visited {place}|announced|was elected|spoke to reporters|died in {number}|won]
{full}, [{number}|CEO of {org}|the {job} of {org}|a {job}|a {job} from {place}|president of {org}|who runs {org}], [said|told reporters|was arrested|joined in {month}|has died|moved to {place}|won the prize|is stepping down].
[yelled|waved|smiled|looked|stared|laughed|pointed] at {name}[:|,|.| and left.| "get out"]
[not|only|even|mainly|maybe] by {name}[)|.|,]
[starring|featuring|introducing|including|called|named|ex-singer|former {job}|guitarist|drummer|actor|striker|comedian] {name}[.||,| and {name}]
{last} and {last} [were|are|have|wrote|designed|scored|played] [right|the {noun}|twice|well together|in {place}]
{name} [gave|handed|sent|lent|owed|showed] {name} [the {noun}|a note|the keys|{number} dollars]
P.S. {first}, [please call me|say hi to {first}|bring the {noun}]
[@|RT :|via|by|with|ft|feat.|ft.|cc|h/t|w/|vs|& ] {name}
{name} [is|was] [so funny|amazing|trending|the best|my hero|overrated|such a legend|a genius|born in {place}|killed in {place}|hired as {job}|our new {job}|late again|not here|very helpful|great to work with|nice|a {job}]
[omg|lol|wow|ugh|damn|yay|haha|so|and|but|ok|btw] {first} [is|was|just|really|got|has] [here|so cute|killed it|fallen asleep|texted me|leaving|lost her phone]
[hey|yo|hi|sup] {first} [u there|can u call me|are you coming|what's up|did you get my mail|long time no see]
[{first}: |{name}: ][Hello?|I don't know.|The soup is cold.|ok see you at 5|what happened]\n{first}: [Nothing.|Not now.|Fine!|Let's go.|I told you.|haha yes|on my way]
[{time} ][<{first}>|{first} -] [did the build pass?|lunch?|i'll take it|merged, thanks|who broke main]
[The|A] [{job}|owner|driver|winner|suspect|victim|author|singer|actor|player|coach|founder|pilot|manager|agent|staff member] {full} [was|is|has|said|helped us|scored|played|retired]
[Ask for|Talk to|See|Contact|Call|Email|Meet|Follow|Introducing|Featuring|Starring|Starred|Sponsored by|Hosted by|Moderated by] {full}[.|, he is great!|, she is the best.| at {phone}| ({email})| in {place}]
[{name}|{full}] [lives at|moved to|can be reached at|resides at|wants delivery to] {street}, {place}
{full}\n{street}\n{place}
{full}\n{job}\n{org}\n{phone}\n{email}
{full}\n\n{street}\n{place}\n{country}\n{phone} [Office|office|Fax|mobile]
[CV|Resume|Curriculum Vitae|Biography|About me]\n{full}\n{job} at {org}, {place}
[Nominees|Winners|Results|Standings]:\n1. {full}\n2. {full}\n3. {full}
{full} ({number}-{number}) was a[n American| German| French|] {job}[.| born in {place}.]
[Author|Co-authored-by|Signed-off-by|Reviewed-by|Maintainer|Committer]: {full} <{email}>
// [TODO|FIXME]({first}): handle the {noun}
Copyright (c) {number} {full}
[git blame says|assigned to|reviewed by|ping|thanks] {name} [for the fix||on this PR]
[Meeting|Lunch|Call|Interview|1:1|Dinner|Coffee] with {name} [on {day}|at {time}|tomorrow|next week|in {place}]
[Summarize|Translate|Rewrite|Write|Draft] [this email from {name}|a letter to {name}|a poem about {first}|a reference for {full}|a birthday card for {first}|a complaint about {title} {last}]
[Who is|Tell me about|Write a biography of|What did|Compare the works of] {full}[?|.| and {full}.]
[Mr|Mrs|Ms|Dr|Miss|Prof|Mr.|Mrs.|Ms.|Dr.|Prof.|Sir|Madam|Herr|Frau|Señor|Monsieur|Rev.|Sgt.|Lt.|Capt.] {last} [called|is here|has arrived|will be late|lives in {place}|asked for the {noun}|and {title} {last} are here]
[Is|Are] {first} and {first} [coming|married|siblings|friends|on the list]?
[{first}|{name}] from {org} [called|is on the line|sent the {noun}|wants a refund|will join us]
[When|While|If|Because|Since|After|Before|Although] {name} [left|arrived|called|was in {place}|worked for {org}|opened the {noun}], [we|the team|{first}|everyone] [was happy|left too|went home|closed the {noun}].
[Between|Both|Either|Neither] {first} and {first} [knew|had the {noun}|came|was told].
[In|At|During] {place}, {name} [met|joined|founded|studied with|lived next to] {name}.
The [{last}|{last} and {last}] [family|brothers|sisters|case|administration|theorem|effect|method|report|campaign|trial|wedding]
[wait is that|is that|was it|i think its|it was|not|only] {name}[?||,]
[co-signer|spouse|second driver|dependant|joint owner|trustee|executor] [is|will be|:|should be] {name}
[His|Her|The] [real|full|maiden|middle|last|first|legal] name is {name}[.|, not {name}.]
[We|I] [had|got|were served by] [{first}|{full}] [as our {job}|and {first}|who was wonderful|, a great {job},|at the front desk] [at {org}|in {place}|and will be back|]
`
